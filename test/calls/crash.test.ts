import { expect, test } from "vitest";
import { decide } from "#calls/approve.ts";
import { HOUR, MINUTE } from "#domain/window.ts";
import { OpsError } from "#errors.ts";
import type { House } from "#ports/index.ts";
import type { Releases } from "#ports/releases.ts";
import { withCluster } from "../support/cluster.ts";
import { connect, countingBytes, openHouse } from "../support/connect.ts";

const target = { release: "customer-etl", namespace: "data" };
const never = () => new Promise<never>(() => {});

/** A server whose process dies in the middle of Helm's work: its apply never returns. */
async function dyingServer(rollback: (real: Releases) => Releases["rollback"]) {
  const { house, wallClock } = await openHouse();
  const dies = withCluster(({ releases }) => ({
    releases: { ...releases, rollback: rollback(releases) },
  }));
  const dying: House = { ...house, world: dies(house.world) };
  const server = await connect({ house: dying, settings: { callSeconds: 0.2, holder: "dying" } });
  const { code } = (await server.call("helm_rollback", target)).value;
  await decide(server.calls.context, String(code), {
    approve: true,
    by: "lee",
    channel: "terminal",
  });
  const begun = await server.call("helm_rollback", { ...target, approval_code: code });
  server.calls.context.running.clear();
  return { house, wallClock, begun, code };
}

/** The action as a client sees it after asking for it took it over. */
async function ended({ call, calls }: Awaited<ReturnType<typeof connect>>, action_id: unknown) {
  await call("get_action", { action_id });
  await calls.idle();
  return call("get_action", { action_id });
}

test("a change that never reached the target is found out and not repeated", async () => {
  const { house, wallClock, begun, code } = await dyingServer(() => never);
  expect(begun.value.status).toBe("running");
  wallClock.advance(2 * MINUTE);
  const next = await connect({ house });
  const action = await ended(next, begun.value.action_id);
  expect(action.value.status).toBe("not_applied");
  const again = await next.call("helm_rollback", { ...target, approval_code: code });
  expect(again.value).toMatchObject({ status: "not_applied", action_id: begun.value.action_id });
});

test("a change that was made before the crash is verified, not made again", async () => {
  const { house, wallClock, begun } = await dyingServer((real) => async (request, signal) => {
    await real.rollback(request, signal);
    await never();
  });
  expect(begun.value.status).toBe("running");
  wallClock.advance(2 * MINUTE);
  const next = await connect({ house });
  const action = await ended(next, begun.value.action_id);
  expect(action.value).toMatchObject({ status: "applied", verification: { outcome: "passed" } });
  const history = await next.call("helm_history", target);
  const revisions = [history.value.revisions].flat();
  expect(revisions).toHaveLength(8);
});

test("while the first process lives, nobody takes its action over and nothing else touches the target", async () => {
  const { house, begun } = await dyingServer(() => never);
  const next = await connect({ house, settings: { randomBytes: countingBytes(100) } });
  const action = await next.call("get_action", { action_id: begun.value.action_id });
  expect(action.value.status).toBe("running");
  await next.advance(HOUR);
  const { code } = (await next.call("helm_rollback", { ...target, revision: 5 })).value;
  await decide(next.calls.context, String(code), { approve: true, by: "lee", channel: "terminal" });
  const args = { ...target, revision: 5, approval_code: code };
  const busy = await next.call("helm_rollback", args);
  expect(busy.text).toMatch(/^target_busy/);
  const { approvals } = await house.records();
  expect((await approvals.byCode(String(code)))?.state).toBe("approved");
});

test("an action whose cluster is no longer configured ends, and keeps nobody else from working", async () => {
  const { house, wallClock, begun } = await dyingServer(() => never);
  wallClock.advance(2 * MINUTE);
  const { clusters, ...rest } = house.world;
  const gone = { names: ["other"], offers: clusters?.offers ?? [], open: noSuchCluster };
  const without = await connect({ house: { ...house, world: { ...rest, clusters: gone } } });
  const action = await ended(without, begun.value.action_id);
  expect(action.value.status).toBe("unknown");
  expect(action.text).toContain("Firewatch was stopped while the change was carried out");
});

test("a verification that was left in a cluster that is gone ends as inconclusive", async () => {
  const { house, wallClock, begun } = await dyingServer(() => never);
  const { actions } = await house.records();
  const id = String(begun.value.action_id);
  await actions.move(id, ["applying"], { state: "applied", appliedAt: wallClock.now() });
  wallClock.advance(2 * MINUTE);
  const { clusters, ...rest } = house.world;
  expect(clusters).toBeDefined();
  const server = await connect({ house: { ...house, world: rest } });
  await server.call("post_incident_report", { severity: "P2", summary: "Over." });
  await server.calls.idle();
  expect((await actions.get(id))?.state).toBe("inconclusive");
});

test("a process that was thought dead and finishes has the last word", async () => {
  const finish = Promise.withResolvers<void>();
  const { house, wallClock, begun } = await dyingServer((real) => async (request, signal) => {
    await finish.promise;
    return real.rollback(request, signal);
  });
  wallClock.advance(2 * MINUTE);
  const next = await connect({ house });
  expect((await ended(next, begun.value.action_id)).value.status).toBe("not_applied");
  finish.resolve();
  await next.calls.idle();
  await expect
    .poll(async () => (await next.call("get_action", { action_id: begun.value.action_id })).value)
    .toMatchObject({ status: "applied" });
});

function noSuchCluster(name: string): Promise<never> {
  return Promise.reject(new OpsError("not_allowed", `Cluster ${name} is not configured.`, ""));
}
