import { expect, test } from "vitest";
import type { House, World } from "#ports/index.ts";
import { appliedActions, approve } from "../support/approve.ts";
import { withCluster } from "../support/cluster.ts";
import { connect, countingBytes, openHouse } from "../support/connect.ts";

const target = { release: "customer-etl", namespace: "data" };

/** A world in which plans wait until they may go on. */
function slowWorld() {
  const reached = Promise.withResolvers<void>();
  const go = Promise.withResolvers<void>();
  const world = (base: World): World =>
    withCluster(({ releases }) => ({
      releases: {
        ...releases,
        async history(release, signal) {
          reached.resolve();
          await go.promise;
          return releases.history(release, signal);
        },
      },
    }))(base);
  return { world, reached: reached.promise, go: go.resolve };
}

test("a call that planned while another used the same approval tells how that one ended", async () => {
  const { house } = await openHouse();
  const fast = await connect({ house });
  const { code, action_id } = (await fast.call("helm_rollback", target)).value;
  await approve(fast, code);
  const { world, reached, go } = slowWorld();
  const behind: House = { ...house, world: world(house.world) };
  const slow = await connect({
    house: behind,
    settings: { holder: "slow", randomBytes: countingBytes(100) },
  });
  const args = { ...target, approval_code: code };
  const late = slow.call("helm_rollback", args);
  await reached;
  const done = await fast.call("helm_rollback", args);
  expect(done.value).toMatchObject({ status: "applied", action_id });
  go();
  expect((await late).value).toEqual(done.value);
  expect(await appliedActions(house)).toHaveLength(1);
  const { approvals } = await house.records();
  expect(await approvals.waiting(house.wallClock.now())).toEqual([]);
});
