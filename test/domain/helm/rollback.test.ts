import { expect, test } from "vitest";
import { diffContent } from "#domain/helm/diff.ts";
import { handMade, handMadeWarning } from "#domain/helm/hand-made.ts";
import { judgeRevisions } from "#domain/helm/healthy.ts";
import { manifestWorkloads, parseManifest } from "#domain/helm/manifest.ts";
import type { Revision } from "#domain/helm/release.ts";
import { type RollbackFacts, rollbackImpact, rollbackWarnings } from "#domain/helm/rollback.ts";
import { rollbackMade, settleRollback } from "#domain/helm/settle.ts";
import { readWorkload } from "#domain/kubernetes/workload.ts";
import { deployment, NOW } from "../../support/objects.ts";

const revision = (number: number, over: Partial<Revision> = {}): Revision => ({
  revision: number,
  status: "superseded",
  chart: "etl-1.0.0",
  appVersion: "1",
  updatedAt: NOW,
  description: "Upgrade complete",
  ...over,
});

interface Chart {
  readonly image?: string;
  readonly replicas?: number;
  readonly setting?: string;
  readonly extra?: string;
}

const manifest = ({ image = "etl:1", replicas = 2, setting = "a", extra = "" }: Chart) => `
kind: Deployment
metadata: {name: etl}
spec:
  replicas: ${replicas}
  template: {spec: {containers: [{name: app, image: "${image}"}]}}
---
kind: ConfigMap
metadata: {name: etl-config}
data: {mode: ${setting}}
---
${extra}`;

function facts(from: Chart, to: Chart, live = deployment("etl")): RollbackFacts {
  const [left, right] = [manifest(from), manifest(to)];
  const [current, target] = judgeRevisions([revision(3), revision(2)], new Map());
  if (!current || !target) throw new Error("two revisions are needed");
  return {
    release: "etl",
    current,
    target,
    diff: diffContent({ manifest: left, values: {} }, { manifest: right, values: {} }),
    before: manifestWorkloads(parseManifest(left), "data"),
    after: manifestWorkloads(parseManifest(right), "data"),
    live: [readWorkload("deployments", live)],
    autoscaled: new Set(),
    handMade: [],
  };
}

const warnings = (found: RollbackFacts) => rollbackWarnings(found).slice(0, -1);

test("pods are replaced where the template changes, and kept elsewhere", () => {
  expect(rollbackImpact(facts({ image: "etl:2" }, {}))).toBe(
    "Replaces the 2 pods of deployment/etl.",
  );
  expect(rollbackImpact(facts({ setting: "b" }, {}))).toBe("Keeps the pods of deployment/etl.");
});

test("a paused workload and a strategy that stops everything are named", () => {
  const paused = deployment("etl", { spec: { paused: true } });
  expect(rollbackImpact(facts({ image: "etl:2" }, {}, paused))).toContain("which is paused");
  const recreate = deployment("etl", { spec: { strategy: { type: "Recreate" } } });
  expect(rollbackImpact(facts({ image: "etl:2" }, {}, recreate))).toContain("all at once");
});

test("hooks and migrations are always named", () => {
  expect(rollbackWarnings(facts({ image: "etl:2" }, {}))).toEqual([
    "Hooks of the chart run again. Database migrations, data and custom resource definitions are not taken back.",
  ]);
});

test("a count that somebody set goes back to the chart's", () => {
  const scaled = deployment("etl", { spec: { replicas: 6 } });
  expect(warnings(facts({ image: "etl:2" }, {}, scaled))).toEqual([
    "deployment/etl has 6 replicas now and gets 2.",
  ]);
});

test("pods that stay and do not see a changed ConfigMap are named", () => {
  const env = [
    { name: "MODE", valueFrom: { configMapKeyRef: { name: "etl-config", key: "mode" } } },
  ];
  const reader = deployment("etl", { podSpec: { containers: [{ name: "app", env }] } });
  expect(warnings(facts({ setting: "b" }, {}, reader))).toEqual([
    "The pods of deployment/etl stay and see the changed ConfigMap etl-config only after a restart.",
  ]);
});

test("what is deleted and what the API will refuse is named", () => {
  const claim = "kind: PersistentVolumeClaim\nmetadata: {name: etl-data}";
  const set = (service: string) =>
    `kind: StatefulSet\nmetadata: {name: queue}\nspec: {serviceName: ${service}}`;
  expect(warnings(facts({ extra: claim }, {}))).toContain(
    "Deletes PersistentVolumeClaim etl-data, and with it perhaps its data.",
  );
  expect(warnings(facts({ extra: set("a") }, { extra: set("b") }))).toContain(
    "The API refuses to change spec.serviceName of StatefulSet queue in place: expect the rollback to fail.",
  );
});

test("keys changed by hand are named with what they go back to, secrets without values", () => {
  const map = {
    namespace: "data",
    name: "etl-config",
    current: { pool: "50", token: "a", same: "1" },
    target: { pool: "50", token: "a", same: "2" },
  };
  const live = { data: { pool: "200", token: "b", same: "1", own: "x" } };
  expect(handMadeWarning(handMade(map, live))).toEqual([
    "ConfigMap etl-config was changed outside Helm; the rollback sets back pool (200 → 50), token. By hand, Helm 4 needs --force-conflicts for it.",
  ]);
  expect(handMadeWarning(handMade(map, { data: map.current }))).toEqual([]);
});

test.each([
  ["no newer revision", [], "not_applied"],
  ["the rollback's own", [revision(4, { description: "Rollback to 2" })], "applied"],
  [
    "one that Helm calls failed",
    [revision(4, { status: "failed", description: 'Rollback "etl" failed: timed out' })],
    "applied",
  ],
  ["one under way", [revision(4, { status: "pending-rollback" })], "unknown"],
  ["somebody else's", [revision(4)], "unknown"],
  ["a rollback to another", [revision(4, { description: "Rollback to 1" })], "unknown"],
] as const)("after a crash: %s", (_what, newer, outcome) => {
  expect(settleRollback([...newer, revision(3), revision(2)], 3, 2)).toBe(outcome);
});

test("a rollback that came before is not taken for this one", () => {
  const history = [revision(4), revision(3, { description: "Rollback to 2" }), revision(2)];
  expect(rollbackMade(history, 3, 2)).toBeUndefined();
});
