import { randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { controlPlaneBinary } from "./binary.ts";
import { attachCluster, type Cluster, writeFacts, writeKubeconfig } from "./cluster.ts";
import {
  apiServerArguments,
  controllerArguments,
  etcdArguments,
  kwokArguments,
  type Layout,
  schedulerArguments,
} from "./components.ts";
import { type KubeletLogs, startKubeletLogs } from "./kubelet-logs.ts";
import { node } from "./nodes.ts";
import { freePorts } from "./ports.ts";
import { type ProcessGroup, processGroup } from "./processes.ts";

export interface StartedCluster extends Cluster {
  /** Ends all processes and forgets everything. */
  stop(): Promise<void>;
}

const zones = ["zone-a", "zone-b", "zone-c"];

/** A Kubernetes control plane on loopback with three simulated nodes, ready for use. */
export async function startKubernetes(): Promise<StartedCluster> {
  const binary = await controlPlaneBinary();
  const folder = mkdtempSync(join(tmpdir(), "firewatch-kubernetes-"));
  const group = processGroup(join(folder, "logs"));
  let kubelet: KubeletLogs | undefined;
  const stop = async () => {
    await kubelet?.stop();
    await group.stop();
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  };
  try {
    const cluster = await start(binary, folder, group);
    kubelet = await startKubeletLogs(cluster);
    await addNodes(cluster, group, kubelet.port);
    return { ...cluster, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function start(binary: string, folder: string, group: ProcessGroup): Promise<Cluster> {
  const layout = await layoutIn(folder);
  const [admin, own] = [secret(), secret()];
  const tokens = [
    { user: "admin", token: admin },
    { user: "control-plane", token: own },
  ];
  // The API server waits for etcd by itself.
  group.start("etcd", binary, etcdArguments(layout));
  group.start("apiserver", binary, apiServerArguments(layout, tokens));

  const certificate = join(folder, "certificates", "apiserver.crt");
  await group.until("certificate", async () => {
    return existsSync(certificate) && readFileSync(certificate, "utf8").includes("END CERTIFICATE");
  });
  const server = `https://127.0.0.1:${layout.apiPort}`;
  const authority = readFileSync(certificate).toString("base64");
  writeFacts(folder, { server, authority, admin });
  const cluster = attachCluster(folder);
  await group.until("API server", () => answers(cluster, ["get", "--raw", "/livez/ping"]));

  const kubeconfig = writeKubeconfig(folder, "own", { server, authority }, { token: own });
  group.start("controller-manager", binary, controllerArguments(layout, kubeconfig));
  group.start("scheduler", binary, schedulerArguments(layout, kubeconfig));
  group.start("kwok", binary, kwokArguments(layout, kubeconfig));
  await group.until("ready API server", () => answers(cluster, ["get", "--raw", "/readyz"]));
  return cluster;
}

async function layoutIn(folder: string): Promise<Layout> {
  const [etcdPort = 0, etcdPeerPort = 0, apiPort = 0, kubeletPort = 0] = await freePorts(4);
  return { folder, etcdPort, etcdPeerPort, apiPort, kubeletPort };
}

/** Usable when the controllers work, which the default ServiceAccount shows, and pods may go to the nodes. */
async function addNodes(cluster: Cluster, group: ProcessGroup, kubeletPort: number): Promise<void> {
  const now = new Date();
  const items = zones.map((zone, index) => node(`node-${index + 1}`, zone, now, kubeletPort));
  const list = { apiVersion: "v1", kind: "List", items };
  await cluster.kubectl(["create", "-f", "-"], JSON.stringify(list));
  await group.until("ServiceAccount", () => answers(cluster, ["get", "serviceaccount", "default"]));
  await group.until("nodes without taints", async () => {
    const taints = await cluster.kubectl([
      "get",
      "nodes",
      "-o",
      "jsonpath={.items[*].spec.taints}",
    ]);
    return taints.trim() === "";
  });
}

async function answers(cluster: Cluster, args: readonly string[]): Promise<boolean> {
  await cluster.kubectl(args);
  return true;
}

const secret = () => randomBytes(16).toString("hex");
