import { describe, expect, it } from "vitest";
import { readPod } from "#domain/kubernetes/pod.ts";
import { selectorSchema, selectorText, selects } from "#domain/kubernetes/selector.ts";
import { podTemplateSchema, seesChanges, templateReads } from "#domain/kubernetes/template.ts";
import {
  currentPods,
  podsOf,
  readersOf,
  readReplicaSet,
  readWorkload,
  workloadLabel,
} from "#domain/kubernetes/workload.ts";
import { deployment, object, ownedBy, pod, replicaSet } from "../../support/objects.ts";

describe("workloads", () => {
  it("reads a DaemonSet's counts of nodes as replicas", () => {
    const status = {
      observedGeneration: 4,
      desiredNumberScheduled: 3,
      currentNumberScheduled: 3,
      updatedNumberScheduled: 2,
      numberReady: 1,
      numberAvailable: 1,
    };
    const daemon = object("agent", { spec: { updateStrategy: { type: "OnDelete" } }, status });
    expect(readWorkload("daemonsets", daemon)).toMatchObject({
      desired: 3,
      current: 3,
      updated: 2,
      ready: 1,
      available: 1,
      strategy: "OnDelete",
    });
  });

  it("runs one replica when it names no number", () => {
    const read = readWorkload("statefulsets", object("db", { spec: {} }));
    expect([read.desired, read.strategy, read.partition]).toEqual([1, "RollingUpdate", 0]);
    expect(workloadLabel(read)).toBe("statefulset/db");
  });

  it("finds its pods through its ReplicaSets, and those of the current template", () => {
    const etl = readWorkload("deployments", deployment("etl"));
    const sets = [replicaSet("etl", 1, 1), replicaSet("etl", 2, 1), replicaSet("web", 1, 1)];
    const pods = ["etl-1", "etl-2", "web-1"].map((set) =>
      readPod(pod(`${set}-x`, { metadata: ownedBy("ReplicaSet", set) })),
    );
    const read = sets.map(readReplicaSet);
    const names = (found: typeof pods) => found.map(({ metadata }) => metadata.name);
    expect(names([...podsOf(etl, read, pods)])).toEqual(["etl-1-x", "etl-2-x"]);
    expect(names([...currentPods(etl, read, pods)])).toEqual(["etl-2-x"]);
  });

  it("knows the current pods of StatefulSets and DaemonSets by their labels", () => {
    const set = readWorkload(
      "statefulsets",
      object("db", { spec: {}, status: { updateRevision: "db-b" } }),
    );
    const daemon = readWorkload(
      "daemonsets",
      object(
        "agent",
        { spec: {} },
        { annotations: { "deprecated.daemonset.template.generation": "4" } },
      ),
    );
    const labelled = (name: string, owner: string, labels: Record<string, string>) =>
      readPod(pod(name, { metadata: { ...ownedBy("Any", owner), labels } }));
    const pods = [
      labelled("db-0", "db", { "controller-revision-hash": "db-a" }),
      labelled("db-1", "db", { "controller-revision-hash": "db-b" }),
      labelled("agent-x", "agent", { "pod-template-generation": "3" }),
      labelled("agent-y", "agent", { "pod-template-generation": "4" }),
    ];
    const names = [set, daemon].map((workload) =>
      currentPods(workload, [], pods).map(({ metadata }) => metadata.name),
    );
    expect(names).toEqual([["db-1"], ["agent-y"]]);
  });
});

describe("what a pod template reads", () => {
  const spec = {
    initContainers: [
      {
        name: "migrate",
        env: [{ name: "DSN", valueFrom: { secretKeyRef: { name: "db", key: "dsn" } } }],
      },
    ],
    containers: [
      {
        name: "app",
        env: [
          { name: "POOL", valueFrom: { configMapKeyRef: { name: "settings", key: "pool" } } },
          { name: "PLAIN", value: "1" },
        ],
        envFrom: [{ configMapRef: { name: "common" } }, { secretRef: { name: "tokens" } }],
        volumeMounts: [
          { name: "files", mountPath: "/etc/app" },
          { name: "files", mountPath: "/etc/one", subPath: "one.yaml" },
          { name: "all", mountPath: "/all" },
          { name: "scratch", mountPath: "/tmp" },
        ],
      },
    ],
    volumes: [
      { name: "files", configMap: { name: "files", items: [{ key: "one", path: "one.yaml" }] } },
      {
        name: "all",
        projected: { sources: [{ configMap: { name: "extra" } }, { secret: { name: "certs" } }] },
      },
      { name: "scratch", emptyDir: {} },
    ],
  };

  it("is found in env, envFrom, volumes and subPath", () => {
    const reads = templateReads(podTemplateSchema.parse({ spec }));
    expect(
      reads.map((read) =>
        [read.container, read.kind, read.name, read.how, read.keys?.join() ?? "*"].join(" "),
      ),
    ).toEqual([
      "migrate Secret db env dsn",
      "app ConfigMap settings env pool",
      "app ConfigMap common envFrom *",
      "app Secret tokens envFrom *",
      "app ConfigMap files volume one",
      "app ConfigMap files subPath one",
      "app ConfigMap extra volume *",
      "app Secret certs volume *",
    ]);
    expect(reads.filter(seesChanges).map(({ name }) => name)).toEqual(["files", "extra", "certs"]);
  });

  it("leads from a ConfigMap to its readers", () => {
    const workloads = [deployment("etl", { podSpec: spec }), deployment("web")].map((found) =>
      readWorkload("deployments", found),
    );
    const readers = readersOf({ kind: "ConfigMap", name: "files" }, workloads);
    expect(readers.map(({ workload, reads }) => [workload.name, reads.length])).toEqual([
      ["etl", 2],
    ]);
  });
});

describe("a label selector", () => {
  const selector = selectorSchema.parse({
    matchLabels: { app: "etl" },
    matchExpressions: [
      { key: "tier", operator: "In", values: ["a", "b"] },
      { key: "old", operator: "DoesNotExist" },
      { key: "zone", operator: "NotIn", values: ["z"] },
      { key: "team", operator: "Exists" },
    ],
  });

  it("matches when every part of it holds", () => {
    const labels = { app: "etl", tier: "a", team: "data" };
    expect(selects(selector, labels)).toBe(true);
    expect(selects(selector, { ...labels, old: "" })).toBe(false);
    expect(selects(selector, { ...labels, tier: "c" })).toBe(false);
    expect(selects(selector, { ...labels, zone: "z" })).toBe(false);
    expect(selects(selector, { ...labels, app: "web" })).toBe(false);
    expect(selects(selectorSchema.parse({}), {})).toBe(true);
  });

  it("is written as list calls take it", () => {
    expect(selectorText(selector)).toBe("app=etl,tier in (a,b),!old,zone notin (z),team");
  });
});
