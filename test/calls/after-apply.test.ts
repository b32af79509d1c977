import { setTimeout } from "node:timers/promises";
import { expect, test } from "vitest";
import { decide } from "#calls/approve.ts";
import { MINUTE } from "#domain/window.ts";
import type { House, Records } from "#ports/index.ts";
import { appliedActions, approve } from "../support/approve.ts";
import { withCluster } from "../support/cluster.ts";
import { connect, countingBytes, openHouse } from "../support/connect.ts";

const target = { release: "customer-etl", namespace: "data" };
const quiet = { log: () => {} };
const full = () => Promise.reject(new Error("database or disk is full"));

/** A server over a store of which some of the writes fail. */
async function serverWith(faults: (records: Records) => Partial<Records>) {
  const { house } = await openHouse();
  const records = await house.records();
  const faulty: House = { ...house, records: async () => ({ ...records, ...faults(records) }) };
  const server = await connect({ house: faulty, settings: quiet });
  const { code } = (await server.call("helm_rollback", target)).value;
  await approve(server, code);
  const before = await revisions(server);
  return { server, house, code, before };
}

async function revisions({ call }: Awaited<ReturnType<typeof connect>>) {
  return [(await call("helm_history", target)).value.revisions].flat().length;
}

test("an audit log that cannot be written after the change hides nothing", async () => {
  const { server, code, before } = await serverWith(({ audit }) => ({
    audit: {
      ...audit,
      append: (entry) =>
        ["apply_ended", "verified"].includes(entry.event) ? full() : audit.append(entry),
    },
  }));
  const done = await server.call("helm_rollback", { ...target, approval_code: code });
  expect(done).toMatchObject({
    failed: false,
    value: { status: "applied", verification: { outcome: "passed" } },
  });
  expect(await revisions(server)).toBe(before + 1);
});

test("a change whose first record is lost is recorded with its verification", async () => {
  const { server, house, code } = await serverWith(({ actions }) => ({
    actions: {
      ...actions,
      move: (id, from, patch) =>
        patch.state === "applied" ? full() : actions.move(id, from, patch),
    },
  }));
  const done = await server.call("helm_rollback", { ...target, approval_code: code });
  expect(done.value).toMatchObject({ status: "applied", result: { summary: expect.anything() } });
  expect(await appliedActions(house)).toHaveLength(1);
});

test("a store that fails altogether once the change has begun is no error that invites a retry", async () => {
  let broken = false;
  const { server, code } = await serverWith(({ actions, approvals }) => ({
    approvals: {
      ...approvals,
      async consume(used, now) {
        const approval = await approvals.consume(used, now);
        broken = true;
        return approval;
      },
    },
    actions: {
      ...actions,
      get: (id) => (broken ? full() : actions.get(id)),
      move: (id, from, patch) => (broken ? full() : actions.move(id, from, patch)),
    },
  }));
  const answer = await server.call("helm_rollback", { ...target, approval_code: code });
  expect(answer).toMatchObject({ failed: false, value: { status: "running" } });
  expect(answer.text).toContain("Do not call helm_rollback again");
});

test("an intent that cannot be audited changes nothing, and leaves the approval", async () => {
  const { server, house, code, before } = await serverWith(({ audit }) => ({
    audit: {
      ...audit,
      append: (entry) => (entry.event === "apply_intended" ? full() : audit.append(entry)),
    },
  }));
  const refused = await server.call("helm_rollback", { ...target, approval_code: code });
  expect(refused.failed).toBe(true);
  expect(await revisions(server)).toBe(before);
  const { approvals } = await house.records();
  expect((await approvals.byCode(String(code)))?.state).toBe("approved");
});

test("a caller who gave up before the change began gets none, and the approval stays", async () => {
  const { house } = await openHouse();
  const server = await connect({ house });
  const { code } = (await server.call("helm_rollback", target)).value;
  await approve(server, code);
  const gaveUp = new AbortController();
  const { policy } = house;
  const leaving: House = {
    ...house,
    policy: {
      load: () => {
        gaveUp.abort();
        return policy.load();
      },
    },
  };
  const other = await connect({ house: leaving });
  const caller = { principal: "kim", client: "t", transport: "memory", verified: false } as const;
  const args = { ...target, approval_code: code };
  const { signal } = gaveUp;
  const outcome = await other.calls.perform("helm_rollback", args, caller, { signal });
  expect(outcome).toMatchObject({ kind: "refused", code: "cancelled" });
  expect(await appliedActions(house)).toEqual([]);
  expect((await server.call("helm_rollback", args)).value.status).toBe("applied");
});

test("an approval given in live mode carries nothing out in dry run", async () => {
  const live = await connect();
  const { code } = (await live.call("helm_rollback", target)).value;
  await approve(live, code);
  const before = await revisions(live);
  const settings = { randomBytes: countingBytes(100) };
  const dry = await connect({ house: live.house, mode: "dry-run", settings });
  const said = await dry.call("helm_rollback", { ...target, approval_code: code });
  expect(said.value.status).toBe("planned");
  expect(await revisions(dry)).toBe(before);
  expect(await appliedActions(live.house)).toEqual([]);
});

test("a yes in a dialog that comes after the change was made by code tells of the change", async () => {
  const server = await connect();
  const { code, action_id } = (await server.call("helm_rollback", target)).value;
  await approve(server, code);
  await server.call("helm_rollback", { ...target, approval_code: code });
  const caller = { principal: "kim", client: "t", transport: "memory", verified: false } as const;
  const no = await server.calls.answerDialog(String(code), { action: "decline" }, caller);
  expect(no).toMatchObject({ kind: "done", structured: { status: "applied", action_id } });
  const yes = { action: "accept", content: { approve: true, target: "customer-etl" } } as const;
  expect(await server.calls.answerDialog(String(code), yes, caller)).toBe("approved");
  const again = await server.call("helm_rollback", { ...target, approval_code: code });
  expect(again.value).toMatchObject({ status: "applied", action_id });
  expect(await appliedActions(server.house)).toHaveLength(1);
});

test("a yes in the last moment of a call still leaves time to look again", async () => {
  const world = withCluster(({ releases }) => ({
    releases: {
      ...releases,
      async history(release, signal) {
        await setTimeout(5, undefined, { signal });
        return releases.history(release, signal);
      },
    },
  }));
  const server = await connect({ world });
  const { code } = (await server.call("helm_rollback", target)).value;
  await approve(server, code);
  const caller = { principal: "kim", client: "t", transport: "memory", verified: false } as const;
  const args = { ...target, approval_code: code };
  const outcome = await server.calls.perform("helm_rollback", args, caller, { budgetMs: -20 });
  await server.calls.idle();
  expect(outcome.kind).not.toBe("refused");
  expect(await appliedActions(server.house)).toHaveLength(1);
});

test("an action whose approval expired ends, and can be asked for", async () => {
  const { house, wallClock } = await openHouse();
  const server = await connect({ house });
  const { code, action_id } = (await server.call("helm_rollback", target)).value;
  const waiting = await server.call("get_action", { action_id });
  expect(waiting.value.status).toBe("approval_required");
  expect(waiting.text).toContain(`approval_code "${code}"`);
  wallClock.advance(16 * MINUTE);
  await server.call("helm_rollback", { ...target, approval_code: code });
  expect((await server.call("get_action", { action_id })).value.status).toBe("expired");
});

test("what a caller gives as reason is stored without secrets", async () => {
  const { call, house } = await connect();
  const reason = "because password=hunter2-is-it";
  const { action_id } = (await call("helm_rollback", { ...target, reason })).value;
  const { actions } = await house.records();
  expect((await actions.get(String(action_id)))?.reason).not.toContain("hunter2");
});

test("a long wait for an action ends with the call's time, as running", async () => {
  const { house } = await openHouse();
  const clock = { ...house.world.clock, sleep: untilAborted };
  const slow: House = { ...house, world: { ...house.world, clock } };
  const server = await connect({ house: slow, settings: { callSeconds: 0.3 } });
  const { code, action_id } = (await server.call("helm_rollback", target)).value;
  await decide(server.calls.context, String(code), { approve: true, by: "l", channel: "terminal" });
  const { actions } = await house.records();
  await actions.begin(String(action_id), {
    holder: "other",
    until: new Date(house.wallClock.now().getTime() + MINUTE),
  });
  const waited = await server.call("get_action", { action_id, wait_seconds: 45 });
  expect(waited).toMatchObject({ failed: false, value: { status: "running" } });
});

function untilAborted(_milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason));
  });
}
