import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { Action } from "#domain/approvals/action.ts";
import { firstBreak } from "#domain/approvals/audit.ts";
import { openStore } from "#store/index.ts";

const now = new Date("2026-04-25T14:00:00Z");
const later = new Date("2026-04-25T14:15:00Z");

const action = (id: string, target = "prod/data/Deployment/web"): Action => ({
  id,
  tool: "kubectl_rollout_restart",
  args: { deployment: "web" },
  principal: "kim",
  state: "pending",
  shown: {
    target: { kind: "Deployment", name: "web" },
    risk: "medium",
    reversible: "no",
    summary: "Restart web.",
    diff: "",
    impact: "",
    warnings: [],
    undo: "",
    command: "",
    binds_hash: "h",
  },
  planned: {},
  targetKey: target,
  createdAt: now,
});

const approval = (code: string) => ({
  code,
  actionId: "A1",
  bindsHash: "h",
  principal: "kim",
  state: "pending" as const,
  createdAt: now,
  expiresAt: later,
});

const lease = { holder: "one", until: later };

async function fresh() {
  const store = await openStore({ path: ":memory:" });
  onTestFinished(() => store.close());
  return store;
}

test("an approval is decided once and used once", async () => {
  const { approvals } = await fresh();
  await approvals.create(approval("ABCD-EFGH"));
  const yes = { state: "approved", by: "lee", channel: "terminal", at: now } as const;
  expect((await approvals.decide("ABCD-EFGH", yes))?.state).toBe("approved");
  expect(await approvals.decide("ABCD-EFGH", { ...yes, state: "declined" })).toBeUndefined();
  const used = await Promise.all([
    approvals.consume("ABCD-EFGH", now),
    approvals.consume("ABCD-EFGH", now),
  ]);
  expect(used.filter((each) => each !== undefined)).toHaveLength(1);
});

test("an expired approval can neither be decided nor used", async () => {
  const { approvals } = await fresh();
  await approvals.create(approval("ABCD-EFGH"));
  const late = { state: "approved", by: "lee", channel: "terminal", at: later } as const;
  expect(await approvals.decide("ABCD-EFGH", late)).toBeUndefined();
  await approvals.decide("ABCD-EFGH", { ...late, at: now });
  expect(await approvals.consume("ABCD-EFGH", later)).toBeUndefined();
  expect(await approvals.waiting(now)).toEqual([]);
});

test("one change at a time per target, until it is verified", async () => {
  const { actions } = await fresh();
  await actions.create(action("A1"));
  await actions.create(action("A2"));
  await actions.create(action("A3", "prod/data/Deployment/other"));
  expect((await actions.begin("A1", lease))?.state).toBe("applying");
  expect(await actions.begin("A2", lease)).toBeUndefined();
  expect((await actions.begin("A3", lease))?.state).toBe("applying");
  await actions.move("A1", ["applying"], { state: "passed", appliedAt: now });
  expect((await actions.begin("A2", lease))?.state).toBe("applying");
  expect((await actions.appliedSince(now)).map(({ id }) => id)).toEqual(["A1"]);
});

test("an abandoned action is taken over by one", async () => {
  const { actions } = await fresh();
  await actions.create(action("A1"));
  await actions.begin("A1", lease);
  const two = { holder: "two", until: new Date(later.getTime() + 60_000) };
  expect(await actions.claimAbandoned(now, two)).toEqual([]);
  expect((await actions.claimAbandoned(later, two)).map(({ id }) => id)).toEqual(["A1"]);
  expect(await actions.claimAbandoned(later, two)).toEqual([]);
});

test("audit records are chained, and a changed one is found", async () => {
  const { audit } = await fresh();
  const entry = { at: now, principal: "kim", client: "test", outcome: "done", detail: {} };
  for (const tool of ["a", "b", "c"]) await audit.append({ ...entry, event: "call", tool });
  const records = await audit.read(0, 10);
  expect(firstBreak(records)).toBeUndefined();
  expect(firstBreak(records.map((r) => (r.seq === 2 ? { ...r, outcome: "nothing" } : r)))).toBe(2);
  expect(firstBreak(records.filter(({ seq }) => seq !== 2))).toBe(3);
});

test("several connections see each other's records", async () => {
  const folder = mkdtempSync(join(tmpdir(), "firewatch-"));
  const path = join(folder, "state", "firewatch.db");
  const stores = [await openStore({ path }), await openStore({ path }), await openStore({ path })];
  onTestFinished(async () => {
    await Promise.all(stores.map((store) => store.close()));
    rmSync(folder, { recursive: true });
  });
  const keys = await Promise.all(stores.map(({ keys }) => keys.get("request-state")));
  expect(new Set(keys.map((key) => Buffer.from(key).toString("hex"))).size).toBe(1);
});

test("a new simulated world knows nothing of what was done in the last one", async () => {
  const { actions, approvals, journal } = await fresh();
  const world = { scenario: "customer-etl", seed: 1, startedAt: now };
  await journal.open(world);
  const simulated = (id: string) => action(id, "sandbox/data/Deployment/web");
  await actions.create({ ...simulated("A1"), state: "passed", appliedAt: now });
  await actions.create({ ...action("A2"), state: "passed", appliedAt: now });
  await approvals.create(approval("ABCD-EFGH"));
  await journal.open(world);
  expect(await actions.list(10)).toHaveLength(2);
  await journal.reset();
  expect((await actions.list(10)).map(({ id }) => id)).toEqual(["A2"]);
  expect(await approvals.waiting(now)).toEqual([]);
  await actions.create(simulated("A3"));
  await journal.open({ ...world, seed: 2 });
  await journal.open({ ...world, seed: 3 });
  expect((await actions.list(10)).map(({ id }) => id)).toEqual(["A2"]);
});

test("a store that cannot be opened says so", async () => {
  await expect(
    openStore({ path: join(import.meta.filename, "state", "firewatch.db") }),
  ).rejects.toMatchObject({
    code: "store_unavailable",
  });
});
