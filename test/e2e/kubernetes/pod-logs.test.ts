import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import type { LogLine } from "#domain/logs/line.ts";
import { SECOND, shift } from "#domain/window.ts";
import type { PodLogQuery, Workloads } from "#ports/workloads.ts";
import { podLogsContract } from "../../ports/pod-logs.contract.ts";
import { connect } from "../../support/connect.ts";
import { type FaultProxy, startFaultProxy } from "../backends/kubernetes/fault-proxy.ts";
import { writeLog } from "../backends/kubernetes/kubelet-logs.ts";
import { node } from "../backends/kubernetes/nodes.ts";
import { BEHAVES } from "../backends/kubernetes/stages.ts";
import { cluster, livePorts } from "./cluster.ts";

const namespace = "pod-logs";
const signal = AbortSignal.timeout(300_000);
const began = new Date("2026-04-25T14:00:00Z");
/** A node whose kubelet nobody reaches. */
const lost = "node-lost";

function pod(name: string, { behaves = "", image = "app:1", nodeName = "" } = {}) {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace, ...(behaves ? { annotations: { [BEHAVES]: behaves } } : {}) },
    spec: { containers: [{ name: "app", image }], ...(nodeName ? { nodeName } : {}) },
  };
}

const taint = { key: "test/lost", effect: "NoSchedule" };
const items = [
  { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } },
  { ...node(lost, "zone-a", new Date(), 1), spec: { taints: [taint] } },
  pod("steady"),
  pod("crashing", { behaves: "crashloop" }),
  pod("unpulled", { image: "registry.example.com/does-not-exist:1" }),
  pod("unreached", { nodeName: lost }),
  { ...pod("steady-2"), metadata: { name: "steady-2", namespace, labels: { app: "mixed" } } },
  {
    ...pod("unreached-2", { nodeName: lost }),
    metadata: { name: "unreached-2", namespace, labels: { app: "mixed" } },
  },
  {
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: { name: "mixed", namespace },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: "mixed" } },
      template: { metadata: { labels: { app: "mixed" } }, spec: pod("").spec },
    },
  },
];

async function apply() {
  const ready = ["default", "--namespace", namespace];
  await cluster().kubectl(["apply", "-f", "-"], JSON.stringify(list(items.slice(0, 2))));
  await vi.waitFor(() => cluster().kubectl(["get", "serviceaccount", ...ready]), 20_000);
  await cluster().kubectl(["apply", "-f", "-"], JSON.stringify(list(items.slice(2))));
  const started = ["--for=jsonpath={.status.containerStatuses[0].name}=app", "--timeout=30s"];
  await cluster().kubectl(["wait", "pod", "--all", "--namespace", namespace, ...started]);
  const lines = (words: string, count: number) =>
    Array.from({ length: count }, (_, i) => ({
      at: shift(began, i * SECOND),
      text: `INFO ${words} ${i} grün`,
    }));
  const app = { namespace, container: "app" };
  writeLog(cluster(), { ...app, pod: "steady" }, lines("served", 40));
  writeLog(cluster(), { ...app, pod: "steady-2" }, lines("served", 9));
  writeLog(cluster(), { ...app, pod: "crashing" }, lines("starting", 3));
  writeLog(cluster(), { ...app, pod: "crashing", previous: true }, lines("starting", 3));
}

const list = (objects: readonly object[]) => ({ apiVersion: "v1", kind: "List", items: objects });

let prepared: Promise<void> | undefined;
const prepare = () => (prepared ??= apply());

podLogsContract("Kubernetes", async () => {
  await prepare();
  const { workloads } = await livePorts(4);
  const restarted = { pod: "crashing", container: "app" };
  return { workloads, namespace, pod: "steady", container: "app", restarted };
});

async function read(workloads: Workloads, name: string, query: Partial<PodLogQuery> = {}) {
  const all = { container: "app", previous: false, tailLines: 100, limitBytes: 100_000, ...query };
  const lines: LogLine[] = [];
  for await (const line of workloads.logs({ namespace, name }, all, signal)) lines.push(line);
  return lines;
}

describe("logs of pods through the API server", () => {
  let proxy: FaultProxy;
  let direct: Workloads;
  let proxied: Workloads;

  beforeAll(async () => {
    await prepare();
    proxy = await startFaultProxy(cluster());
    await cluster().kubectl(["create", "serviceaccount", "reader", "--namespace", namespace]);
    const admin = ["--clusterrole=cluster-admin", `--serviceaccount=${namespace}:reader`];
    await cluster().kubectl(["create", "clusterrolebinding", namespace, ...admin]);
    const token = await cluster().accountToken(namespace, "reader");
    const kubeconfig = cluster().writeKubeconfig("logs-proxy", { token, server: proxy.url });
    proxied = (await livePorts(4, kubeconfig)).workloads;
    direct = (await livePorts(4)).workloads;
  });
  beforeEach(() => proxy.plan(() => undefined));
  afterAll(async () => {
    await proxy.stop();
    await cluster().kubectl(["delete", "node", lost, "--wait=false"]);
  });

  it("always asks for a bounded answer, with times", async () => {
    await read(proxied, "steady", { since: new Date("2026-04-25T14:00:30.700Z") });
    const [request] = proxy.seen;
    expect(request?.path).toBe(
      `/api/v1/namespaces/${namespace}/pods/steady/log?container=app&timestamps=true&tailLines=100&limitBytes=100000&sinceTime=2026-04-25T14%3A00%3A30Z`,
    );
  });

  it("cuts at the limit in bytes, be it within a character or a time", async () => {
    const whole = { at: began, text: "INFO served 0 grün" };
    const text = expect.stringMatching(/^INFO served 0 gr/);
    expect(await read(direct, "steady", { limitBytes: 42 })).toEqual([
      { at: began, text, cut: true },
    ]);
    expect(await read(direct, "steady", { limitBytes: 48 })).toEqual([
      whole,
      { text: "", cut: true },
    ]);
  });

  it("tells what kubelet and API server say of containers without a log", async () => {
    await expect(read(direct, "unpulled")).rejects.toMatchObject({
      code: "not_found",
      message: expect.stringContaining("trying and failing to pull image"),
    });
    await expect(read(direct, "steady", { container: "ap" })).rejects.toMatchObject({
      code: "invalid_input",
      message: expect.stringContaining("container ap is not valid for pod steady"),
    });
    await expect(read(direct, "steady", { previous: true })).rejects.toMatchObject({
      code: "not_found",
      message: "Container app of pod steady has no earlier run whose log is kept.",
    });
  });

  it("tells of a kubelet that cannot be reached", async () => {
    await expect(read(direct, "unreached")).rejects.toMatchObject({ code: "backend_error" });
  });

  it("fails when the answer breaks off", async () => {
    proxy.plan(() => ({ kind: "half" }));
    await expect(read(proxied, "steady")).rejects.toMatchObject({ code: "unreachable" });
  });

  it("gives up on a kubelet that answers nothing, before the call's time is up", async () => {
    proxy.plan(() => ({ kind: "silence" }));
    await expect(read(proxied, "steady")).rejects.toMatchObject({ code: "timed_out" });
  });

  it("answers for the pods whose kubelets can be reached", async () => {
    const live = {
      names: ["test"],
      offers: ["workloads" as const],
      open: async () => ({ workloads: direct }),
    };
    const { call } = await connect({ world: (world) => ({ ...world, clusters: live }) });
    const { text, value } = await call("kubectl_logs", { name: "mixed", namespace });
    expect(value).toMatchObject({ target: "replicaset mixed", read: 9, levels: { info: 9 } });
    expect(text).toMatch(/unreached-2\/app \(running\) 0 lines. backend_error: /);
    expect(text).toContain("INFO served 8 grün");
  });

  it("asks for a permission by its name", async () => {
    proxy.plan(() => ({ kind: "answer", status: 403, message: "no" }));
    await expect(read(proxied, "steady")).rejects.toMatchObject({
      code: "access_denied",
      hint: expect.stringContaining("Grant the verb get on pods/log"),
    });
  });
});
