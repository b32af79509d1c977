import fc from "fast-check";
import { expect, test } from "vitest";
import type { Action, ActionState } from "#domain/approvals/action.ts";
import {
  currentRevision,
  isPending,
  judgeRevisions,
  rollbackCandidates,
  type Verdict,
  verdicts,
} from "#domain/helm/healthy.ts";
import { type ReleaseRef, type Revision, releaseStatuses } from "#domain/helm/release.ts";

const AT = new Date("2026-04-25T14:00:00Z");

const revision = (number: number, over: Partial<Revision> = {}): Revision => ({
  revision: number,
  status: "superseded",
  chart: "shop-1.0.0",
  appVersion: "1.0.0",
  updatedAt: AT,
  description: "Upgrade complete",
  ...over,
});

function rollback(release: ReleaseRef, newRevision: number, state: ActionState): Action {
  const target = { kind: "Release", ...release };
  return {
    id: `action-${newRevision}`,
    tool: "helm_rollback",
    args: {},
    principal: "tester",
    state,
    shown: {
      target,
      risk: "high",
      reversible: "partial",
      summary: "",
      diff: "",
      impact: "",
      warnings: [],
      undo: "",
      command: "",
      binds_hash: "",
    },
    planned: {},
    targetKey: "",
    createdAt: AT,
    endedAt: new Date("2026-04-25T14:10:00Z"),
    applied: { summary: "", facts: { new_revision: newRevision } },
  };
}

const none = new Map<number, Verdict>();

test("a failed revision is not healthy, and the newest healthy one is the first candidate", () => {
  const history = [
    revision(4, { status: "deployed" }),
    revision(3, { status: "failed" }),
    revision(2),
    revision(1),
  ];
  const judged = judgeRevisions(history, none);
  expect(judged.map(({ healthy, why }) => [healthy, why])).toEqual([
    [true, "deployed"],
    [false, "status failed"],
    [true, "superseded"],
    [true, "superseded"],
  ]);
  expect(rollbackCandidates(judged).map((each) => each.revision)).toEqual([2, 1]);
});

test("a revision that was rolled back from is never chosen unasked", () => {
  const history = [
    revision(4, { status: "deployed" }),
    revision(3, { description: "Rollback to 1" }),
    revision(2),
    revision(1),
  ];
  const judged = judgeRevisions(history, none);
  expect(judged[2]?.why).toBe("superseded, rolled back from by revision 3");
  expect(rollbackCandidates(judged).map((each) => each.revision)).toEqual([3, 1]);
});

test("a verification on record contradicts Helm's status; the latest one counts", () => {
  const release = { namespace: "data", name: "shop" };
  const actions = [
    rollback(release, 3, "failed"),
    rollback(release, 2, "passed"),
    rollback({ ...release, namespace: "web" }, 1, "failed"),
  ];
  const known = verdicts(actions, release, undefined);
  expect([...known].map(([number, { passed }]) => [number, passed])).toEqual([
    [3, false],
    [2, true],
  ]);
  const judged = judgeRevisions([revision(3), revision(2), revision(1)], known);
  expect(judged.map(({ why }) => why)).toEqual([
    "superseded, but its verification failed 2026-04-25T14:10:00Z",
    "superseded, verified 2026-04-25T14:10:00Z",
    "superseded",
  ]);
});

test("candidates are healthy, older than the current revision, and newest first", () => {
  const history = fc
    .array(
      fc.record({
        status: fc.constantFrom(...releaseStatuses),
        description: fc.constantFrom("Upgrade complete", "Rollback to 1", "Install complete"),
      }),
      { minLength: 1, maxLength: 12 },
    )
    .map((rows) => rows.map((row, index) => revision(index + 1, row)).reverse());
  fc.assert(
    fc.property(history, fc.infiniteStream(fc.boolean()), (revisions, coins) => {
      const known = new Map(
        revisions.map(({ revision: number }) => {
          return [number, { passed: coins.next().value === true, at: AT }] as const;
        }),
      );
      const chosen = rollbackCandidates(judgeRevisions(revisions, known));
      const newest = currentRevision(revisions)?.revision ?? 0;
      for (const each of chosen) {
        expect(each.revision).toBeLessThan(newest);
        expect(["deployed", "superseded"]).toContain(each.status);
        expect(known.get(each.revision)?.passed).toBe(true);
      }
      const numbers = chosen.map((each) => each.revision);
      expect(numbers).toEqual([...numbers].sort((a, b) => b - a));
    }),
  );
});

test("an operation under way is told by its status", () => {
  expect(releaseStatuses.filter((status) => isPending(revision(1, { status })))).toEqual([
    "uninstalling",
    "pending-install",
    "pending-upgrade",
    "pending-rollback",
  ]);
});
