import { expect, test } from "vitest";
import { decide } from "#calls/approve.ts";
import { HOUR, MINUTE } from "#domain/window.ts";
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

test("a change that never reached the target is found out and not repeated", async () => {
  const { house, wallClock, begun, code } = await dyingServer(() => never);
  expect(begun.value.status).toBe("running");
  wallClock.advance(2 * MINUTE);
  const next = await connect({ house });
  await next.calls.resume();
  await next.calls.idle();
  const action = await next.call("get_action", { action_id: begun.value.action_id });
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
  await next.calls.resume();
  await next.calls.idle();
  const action = await next.call("get_action", { action_id: begun.value.action_id });
  expect(action.value).toMatchObject({ status: "applied", verification: { outcome: "passed" } });
  const history = await next.call("helm_history", target);
  const revisions = [history.value.revisions].flat();
  expect(revisions).toHaveLength(8);
});

test("while the first process lives, nobody takes its action over and nothing else touches the target", async () => {
  const { house, begun } = await dyingServer(() => never);
  const next = await connect({ house, settings: { randomBytes: countingBytes(100) } });
  await next.calls.resume();
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
