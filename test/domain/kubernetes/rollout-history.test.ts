import { expect, test } from "vitest";
import { revisionsOf } from "#domain/kubernetes/revisions.ts";
import { rolloutHistory } from "#domain/kubernetes/rollout-history.ts";
import { readWorkload } from "#domain/kubernetes/workload.ts";
import { deployment, NOW, object, ownedBy } from "../../support/objects.ts";

const workload = readWorkload("deployments", deployment("web"));
const facts = { replicaSets: [], pods: [], events: [], now: NOW };

function kept(revision: number, image: string, history?: string) {
  return object(
    `web-${revision}`,
    { spec: { template: { spec: { containers: [{ name: "app", image }] } } } },
    {
      ...ownedBy("Deployment", "web"),
      annotations: {
        "deployment.kubernetes.io/revision": `${revision}`,
        ...(history ? { "deployment.kubernetes.io/revision-history": history } : {}),
      },
    },
  );
}

test("a template that was rolled out again stands for its earlier numbers", () => {
  const stranger = object("db-9", {}, ownedBy("Deployment", "db"));
  const revisions = revisionsOf(workload, [
    kept(4, "a"),
    stranger,
    kept(5, "b", "1,3"),
    kept(2, "c"),
  ]);
  const found = rolloutHistory(workload, revisions, facts, new Map());
  const compared = found.map(({ revision, since }) => [revision, since?.revision]);
  expect(compared).toEqual([
    [5, 4],
    [4, 3],
    [2, 1],
  ]);
  expect(found[1]?.since?.changes).toMatchObject([{ before: "b", after: "a" }]);
});

test("a verification on record speaks before what is seen now", () => {
  const revisions = revisionsOf(workload, [kept(1, "a"), kept(2, "b"), kept(3, "c")]);
  const known = new Map([
    [1, { passed: true, at: NOW }],
    [2, { passed: false, at: NOW }],
    [3, { passed: false, at: NOW }],
  ]);
  const found = rolloutHistory(workload, revisions, facts, known);
  expect(found.map(({ revision, healthy, why }) => [revision, healthy, why])).toEqual([
    [3, "no", "its verification failed 2026-04-25T14:00:00Z"],
    [2, "no", "its verification failed 2026-04-25T14:00:00Z"],
    [1, "yes", "verified 2026-04-25T14:00:00Z"],
  ]);
});
