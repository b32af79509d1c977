import { describe, expect, it } from "vitest";
import { connect } from "../../support/connect.ts";

const yes = {
  action: "accept",
  content: { approve: true, target: "customer-etl" },
} as const;

describe("list_active_alarms with wait_seconds", () => {
  it("waits for the alarms to recover after a change", async () => {
    const { call, house, advance } = await connect({ answer: () => yes });
    await call("helm_rollback", { release: "customer-etl", namespace: "data" });
    await advance(30_000);
    const question = { name_prefix: "customer-etl-failure-rate", wait_seconds: 40 };
    const began = house.world.clock.now().getTime();
    expect((await call("list_active_alarms", question)).value.matching).toBe(0);
    const waited = house.world.clock.now().getTime() - began;
    expect(waited).toBeGreaterThan(0);
    expect(waited).toBeLessThan(40_000);
  });

  it("gives up when the time is over, and does not wait when nothing fires", async () => {
    const { call, house } = await connect();
    const began = house.world.clock.now().getTime();
    const { value } = await call("list_active_alarms", { wait_seconds: 25 });
    expect(value.matching).toBe(6);
    expect(house.world.clock.now().getTime() - began).toBe(25_000);
    await call("list_active_alarms", { name_prefix: "nothing-like-it", wait_seconds: 40 });
    expect(house.world.clock.now().getTime() - began).toBe(25_000);
  });

  it("answers before the call's own time is up", async () => {
    const { call, house } = await connect({ settings: { callSeconds: 8 } });
    const began = house.world.clock.now().getTime();
    const { value, failed } = await call("list_active_alarms", { wait_seconds: 40 });
    expect({ failed, matching: value.matching }).toEqual({ failed: false, matching: 6 });
    expect(house.world.clock.now().getTime()).toBe(began);
  });
});
