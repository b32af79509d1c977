import { once } from "node:events";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { createServer } from "node:https";
import { join } from "node:path";
import * as z from "zod";
import type { Cluster } from "./cluster.ts";
import { portOf } from "./ports.ts";

/** Which log: that of a container's present run, or of the one before. */
export interface LogOf {
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
  readonly previous?: boolean;
}

/** A line as the container runtime keeps it. */
export interface WrittenLine {
  readonly at: Date;
  readonly text: string;
}

const fileOf = (folder: string, { namespace, pod, container, previous = false }: LogOf) =>
  join(folder, "pod-logs", namespace, pod, `${container}${previous ? ".previous" : ""}.log`);

/** Writes a container's log, for the simulated kubelet to serve. */
export function writeLog({ folder }: Cluster, of: LogOf, lines: readonly WrittenLine[]): void {
  const file = fileOf(folder, of);
  mkdirSync(join(file, ".."), { recursive: true });
  writeFileSync(file, lines.map(({ at, text }) => `${at.toISOString()} ${text}\n`).join(""));
}

export interface KubeletLogs {
  readonly port: number;
  stop(): Promise<void>;
}

/**
 * Serves `/containerLogs/NAMESPACE/POD/CONTAINER` as a kubelet does, with the API server's own certificate. kwok, too,
 * can serve files, but not a kubelet's answers for containers that wait or never ran.
 */
export async function startKubeletLogs(cluster: Cluster): Promise<KubeletLogs> {
  const file = (name: string) => readFileSync(join(cluster.folder, "certificates", name));
  const certificate = { cert: file("apiserver.crt"), key: file("apiserver.key") };
  const server = createServer(certificate, (request, response) => {
    const url = new URL(request.url ?? "/", "https://kubelet");
    answer(cluster, url, response).catch((error: unknown) => refuse(response, 500, String(error)));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: portOf(server),
    async stop() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function answer(cluster: Cluster, url: URL, response: ServerResponse): Promise<void> {
  const [, handler, namespace = "", pod = "", container = ""] = url.pathname.split("/");
  if (handler !== "containerLogs") return refuse(response, 404, "404 page not found");
  const previous = url.searchParams.get("previous") === "true";
  const object = await cluster.kubectl(["get", "pod", pod, "-n", namespace, "-o", "json"]);
  const reason = unreadable(podSchema.parse(JSON.parse(object)), container, previous);
  if (reason !== undefined) return refuse(response, 400, reason);
  const log = fileOf(cluster.folder, { namespace, pod, container, previous });
  const text = existsSync(log) ? readFileSync(log, "utf8") : "";
  response.writeHead(200, { "content-type": "text/plain" });
  response.end(chosen(text.split("\n").slice(0, -1), url.searchParams));
}

function refuse(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { "content-type": "text/plain" });
  response.end(text);
}

const stateSchema = z
  .object({
    running: z.object({}).optional(),
    waiting: z.object({ reason: z.string().default("") }).optional(),
    terminated: z.object({}).optional(),
  })
  .prefault({});
const podSchema = z.object({
  metadata: z.object({ name: z.string() }),
  status: z.object({
    containerStatuses: z
      .array(z.object({ name: z.string(), state: stateSchema, lastState: stateSchema }))
      .default([]),
  }),
});

/** The kubelet's reason for serving no log, in its words: `validateContainerLogStatus` of pkg/kubelet/kubelet_pods.go. */
function unreadable(
  { metadata, status }: z.output<typeof podSchema>,
  container: string,
  previous: boolean,
): string | undefined {
  const where = `container "${container}" in pod "${metadata.name}"`;
  const found = status.containerStatuses.find(({ name }) => name === container);
  if (!found) return `${where} is not available`;
  const { state, lastState } = found;
  if (previous) return lastState.terminated ? undefined : `previous terminated ${where} not found`;
  if (state.running || state.terminated || lastState.terminated) return undefined;
  const reason = state.waiting?.reason ?? "";
  const pull = /ImagePull/.test(reason) ? "trying and failing to pull image" : reason;
  return `${where} is waiting to start: ${pull}`;
}

/** The tail first, then what is young enough, then so many bytes. */
function chosen(lines: readonly string[], query: URLSearchParams): Buffer {
  const since = Date.parse(query.get("sinceTime") ?? "") || 0;
  const tail = Number(query.get("tailLines") ?? lines.length);
  const young = lines.filter((line) => Date.parse(line.split(" ", 1)[0] ?? "") >= since);
  const stamped = query.get("timestamps") === "true";
  const told = young.slice(young.length - Math.min(tail, young.length));
  const texts = told.map((line) => `${stamped ? line : line.slice(line.indexOf(" ") + 1)}\n`);
  const bytes = Buffer.from(texts.join(""));
  return bytes.subarray(0, Number(query.get("limitBytes") ?? bytes.length));
}
