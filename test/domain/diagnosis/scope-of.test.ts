import { expect, test } from "vitest";
import { releaseScope, scopeOf } from "#domain/diagnosis/scope-of.ts";
import type { Snapshot } from "#domain/diagnosis/snapshot.ts";
import type { KubeObject, ResourceKind } from "#domain/kubernetes/object.ts";
import { ago, deployment, NOW, object, ownedBy, pod, replicaSet } from "../../support/objects.ts";

const labels = { app: "web" };
const OF_RELEASE = { annotations: { "meta.helm.sh/release-name": "shop" } };
const target = { scaleTargetRef: { kind: "Deployment", name: "web" } };
const backend = { service: { name: "web", port: { number: 80 } } };

const world: Partial<Record<ResourceKind, readonly KubeObject[]>> = {
  deployments: [
    deployment("web", {
      metadata: OF_RELEASE,
      podSpec: { volumes: [{ name: "d", persistentVolumeClaim: { claimName: "files" } }] },
    }),
    deployment("other"),
  ],
  replicasets: [replicaSet("web", 2, 1), replicaSet("other", 2, 1)],
  pods: [
    pod("web-2-a", { metadata: { labels, ...ownedBy("ReplicaSet", "web-2") } }),
    pod("web-2-b", { metadata: { labels, ...ownedBy("ReplicaSet", "web-2") } }),
    pod("other-2-a", {
      metadata: { labels: { app: "other" }, ...ownedBy("ReplicaSet", "other-2") },
    }),
    pod("nightly-1-x", { metadata: ownedBy("Job", "nightly-1") }),
    pod("nightly-2-x", { metadata: ownedBy("Job", "nightly-2") }),
  ],
  services: [
    object("web", { spec: { selector: labels } }),
    object("other", { spec: { selector: { app: "other" } } }),
    object("outside", { spec: {} }),
  ],
  ingresses: [
    object("edge", { spec: { rules: [{ http: { paths: [{ backend }] } }] } }),
    object("unrelated", { spec: { defaultBackend: { service: { name: "other" } } } }),
  ],
  horizontalpodautoscalers: [object("web-scale", { spec: target })],
  poddisruptionbudgets: [object("web-pdb", { spec: { selector: { matchLabels: labels } } })],
  persistentvolumeclaims: [object("files", { spec: { volumeName: "pv-1" } }), object("idle")],
  persistentvolumes: [object("pv-1"), object("pv-2")],
  nodes: [object("node-a", {}, { namespace: undefined }), object("node-b")],
  cronjobs: [object("nightly")],
  jobs: [
    object("nightly-1", {}, { creationTimestamp: ago(2000), ...ownedBy("CronJob", "nightly") }),
    object("nightly-2", {}, { creationTimestamp: ago(600), ...ownedBy("CronJob", "nightly") }),
  ],
};

const snapshot: Snapshot = {
  now: NOW,
  of: (kind) => world[kind] ?? [],
  lines: () => [],
  unread: [],
};

function scopeOfNamed(kind: ResourceKind, name: string) {
  const found = world[kind]?.find(({ metadata }) => metadata.name === name);
  if (found === undefined) throw new Error(`no ${kind} ${name}`);
  return scopeOf({ kind, namespace: "data", name }, found, snapshot);
}
const names = (objects: readonly { metadata: { name: string } }[]) =>
  objects.map(({ metadata }) => metadata.name);

test("a workload with all that is around it", () => {
  const scope = scopeOfNamed("deployments", "web");
  expect(names(scope.pods)).toEqual(["web-2-a", "web-2-b"]);
  const kinds = [
    "services",
    "ingresses",
    "horizontalpodautoscalers",
    "poddisruptionbudgets",
    "persistentvolumeclaims",
    "persistentvolumes",
    "nodes",
  ] as const;
  expect(kinds.map((kind) => names(scope.of(kind)))).toEqual([
    ["web"],
    ["edge"],
    ["web-scale"],
    ["web-pdb"],
    ["files"],
    ["pv-1"],
    ["node-a"],
  ]);
});

test.each([
  ["services", "web"],
  ["ingresses", "edge"],
  ["horizontalpodautoscalers", "web-scale"],
  ["poddisruptionbudgets", "web-pdb"],
  ["persistentvolumeclaims", "files"],
] as const)("%s leads to the workload behind it", (kind, name) => {
  expect(names(scopeOfNamed(kind, name).workloads)).toEqual(["web"]);
});

test("a pod is looked at without its siblings", () => {
  const scope = scopeOfNamed("pods", "web-2-a");
  expect([names(scope.pods), names(scope.workloads)]).toEqual([["web-2-a"], ["web"]]);
});

test("of a CronJob the newest run counts", () => {
  const scope = scopeOfNamed("cronjobs", "nightly");
  expect([names(scope.of("jobs")), names(scope.pods)]).toEqual([["nightly-2"], ["nightly-2-x"]]);
});

test("a release is what says that it belongs to it", () => {
  const scope = releaseScope({ name: "shop", namespace: "data" }, snapshot);
  expect(scope?.subject).toEqual({ kind: "deployments", namespace: "data", name: "web" });
  expect(names(scope?.pods ?? [])).toEqual(["web-2-a", "web-2-b"]);
  expect(releaseScope({ name: "none", namespace: "data" }, snapshot)).toBeUndefined();
});
