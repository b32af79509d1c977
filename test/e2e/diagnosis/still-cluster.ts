import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { Agent, request } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { controlPlaneBinary } from "../backends/kubernetes/binary.ts";
import { writeKubeconfig } from "../backends/kubernetes/cluster.ts";
import { apiServerArguments, etcdArguments } from "../backends/kubernetes/components.ts";
import { freePorts } from "../backends/kubernetes/ports.ts";
import { processGroup } from "../backends/kubernetes/processes.ts";

/** An API server without controllers, scheduler or kubelets: what is written stays as it is. */
export interface StillCluster {
  readonly kubeconfig: string;
  /** URL of etcd. */
  readonly etcd: string;
  /** With which the API server serves; a kubelet may as well. */
  readonly pair: { readonly cert: Buffer; readonly key: Buffer };
  /** Sends JSON as the administrator. Throws what the API server answers when it refuses. */
  send(method: string, path: string, body: unknown): Promise<string>;
  stop(): Promise<void>;
}

export async function startStillCluster(): Promise<StillCluster> {
  const binary = await controlPlaneBinary();
  const folder = mkdtempSync(join(tmpdir(), "firewatch-still-"));
  const group = processGroup(join(folder, "logs"));
  const [etcdPort = 0, etcdPeerPort = 0, apiPort = 0] = await freePorts(3);
  const layout = { folder, etcdPort, etcdPeerPort, apiPort, kubeletPort: 0 };
  const token = randomBytes(16).toString("hex");
  group.start("etcd", binary, etcdArguments(layout));
  group.start("apiserver", binary, [
    ...apiServerArguments(layout, [{ user: "admin", token }]),
    // As text, so that times can be set that the API server sets itself.
    "--storage-media-type=application/json",
  ]);
  const certificate = join(folder, "certificates", "apiserver.crt");
  await group.until("certificate", async () => existsSync(certificate));
  const server = `https://127.0.0.1:${apiPort}`;
  const send = sender(server, token);
  await group.until("API server", async () => (await send("GET", "/readyz", undefined)) === "ok");
  const cert = readFileSync(certificate);
  const facts = { server, authority: cert.toString("base64") };
  return {
    kubeconfig: writeKubeconfig(folder, "still", facts, { token }),
    etcd: `http://127.0.0.1:${etcdPort}`,
    pair: { cert, key: readFileSync(join(folder, "certificates", "apiserver.key")) },
    send,
    async stop() {
      await group.stop();
      rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

/** Requests over a few connections of this run's own, to a server of this run's own. */
function sender(server: string, token: string): StillCluster["send"] {
  const agent = new Agent({ keepAlive: true, maxSockets: 12, rejectUnauthorized: false });
  return (method, path, body) =>
    new Promise((resolve, reject) => {
      const patch = method === "PATCH" ? "merge-patch+json" : "json";
      const headers = { authorization: `Bearer ${token}`, "content-type": `application/${patch}` };
      const sent = request(`${server}${path}`, { method, headers, agent }, (answer) => {
        const parts: Buffer[] = [];
        answer.on("data", (part) => parts.push(part));
        answer.on("end", () => {
          const text = Buffer.concat(parts).toString();
          if ((answer.statusCode ?? 500) < 300) resolve(text);
          else reject(new Error(`${method} ${path}: ${text}`));
        });
      });
      sent.on("error", reject);
      sent.end(body === undefined ? undefined : JSON.stringify(body));
    });
}
