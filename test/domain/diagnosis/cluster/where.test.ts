import { expect, test } from "vitest";
import { podTally } from "#domain/diagnosis/cluster/pod-tally.ts";
import { type Surroundings, whereToLook } from "#domain/diagnosis/cluster/where.ts";
import type { KubeObject } from "#domain/kubernetes/object.ts";
import {
  ago,
  condition,
  container,
  NOW,
  ownedBy,
  pod,
  running,
  terminated,
  waiting,
} from "../../../support/objects.ts";

function counts(pods: readonly KubeObject[]) {
  const tally = podTally(NOW);
  tally.add(pods.slice(0, 2));
  tally.add(pods.slice(2));
  return tally.result();
}

const zones = new Map([
  ["node-a", "eu-1a"],
  ["node-b", "eu-1b"],
  ["node-c", "eu-1b"],
]);
const around: Surroundings = { api: undefined, zones, sickNodes: new Set() };

const crashing = [container(waiting("CrashLoopBackOff"))];
const sick = (owner: string, nodeName: string, namespace = "data") =>
  pod(`${owner}-${nodeName}`, {
    metadata: { ...ownedBy("StatefulSet", owner), namespace },
    spec: { nodeName },
    containers: crashing,
  });
const well = (namespace: string) => pod(`well-${namespace}`, { metadata: { namespace } });
const look = (pods: readonly KubeObject[], more: Partial<Surroundings> = {}) =>
  whereToLook(counts(pods), { ...around, ...more });

test("a single workload", () => {
  const pods = [sick("web", "node-a"), sick("web", "node-b"), well("data")];
  expect(look(pods)).toEqual({ place: "workload", name: "StatefulSet data/web" });
});

test("one node, when it is sick or several workloads share it", () => {
  const shared = ["web", "api", "db"].map((name) => sick(name, "node-a"));
  expect(look(shared)).toEqual({ place: "node", name: "node-a" });
  expect(look([sick("web", "node-a")])).toMatchObject({ place: "workload" });
  const sickNodes = new Set(["node-a"]);
  expect(look([sick("web", "node-a")], { sickNodes })).toEqual({ place: "node", name: "node-a" });
  expect(look([well("data")], { sickNodes })).toEqual({ place: "node", name: "node-a" });
});

test("one zone, when its nodes share the sick pods", () => {
  const pods = [sick("web", "node-b"), sick("api", "node-c"), sick("db", "node-b")];
  expect(look(pods)).toEqual({ place: "zone", name: "eu-1b" });
  const oneZone = new Map([["node-b", "eu-1b"]]);
  expect(look(pods, { zones: oneZone })).toEqual({ place: "network" });
});

test("every namespace, or an API server that is not ready, is the control plane's", () => {
  const pods = ["a", "b", "c"].map((name, index) =>
    sick("web", index === 0 ? "node-a" : "node-b", name),
  );
  expect(look(pods)).toEqual({ place: "control_plane" });
  expect(look([...pods, well("d")])).toEqual({ place: "network" });
  const api = { ready: false, failing: ["etcd"], version: "v1.34.2", milliseconds: 9 };
  expect(look([], { api })).toEqual({ place: "control_plane" });
});

test("nothing", () => {
  expect(look([well("data")])).toEqual({ place: "none" });
});

const reasons = (one: KubeObject) => counts([one]).groups.map(({ reason }) => reason);
const unready = (minutes: number) => ({
  containers: [container(running, { ready: false })],
  status: { conditions: [{ ...condition("Ready", "False"), lastTransitionTime: ago(minutes) }] },
});

test("pods that are on their way up or down are no trouble for three minutes", () => {
  expect(reasons(pod("a", unready(2)))).toEqual([]);
  expect(reasons(pod("a", unready(4)))).toEqual(["Running, not ready"]);
  const ending = (minutes: number) => pod("a", { metadata: { deletionTimestamp: ago(minutes) } });
  expect(reasons(ending(1))).toEqual([]);
  expect(reasons(ending(9))).toEqual(["Terminating"]);
});

test("a pod between two crashes runs and is ready", () => {
  const restarted = (minutes: number, code = 137) => {
    const lastState = terminated(code, code === 0 ? "Completed" : "OOMKilled", minutes);
    return pod("a", { containers: [container(running, { restartCount: 9, lastState })] });
  };
  expect(reasons(restarted(10))).toEqual(["restarted lately, last exit 137 OOMKilled"]);
  expect(reasons(restarted(60))).toEqual([]);
  expect(reasons(restarted(10, 0))).toEqual([]);
});

test("what failed long ago was left lying", () => {
  const failed = (minutes: number) =>
    pod("a", {
      status: { phase: "Failed", reason: "Evicted" },
      containers: [container(terminated(137, "Error", minutes))],
    });
  expect(counts([failed(90)])).toMatchObject({ abnormal: 0, leftovers: 1 });
  expect(counts([failed(5)])).toMatchObject({ abnormal: 1, leftovers: 0 });
});

test("a drain has to move all but the pods of DaemonSets", () => {
  const agent = pod("agent", { metadata: ownedBy("DaemonSet", "agent") });
  const done = pod("done", { status: { phase: "Succeeded" } });
  expect(counts([agent, done, well("data")]).movable).toEqual(new Map([["node-a", 1]]));
});
