import { describe, expect, it } from "vitest";
import { failureRate, patch, pipeline, restart, rollback, scale, values } from "./observe.ts";
import { openSandbox, pass, type Sandbox, signal } from "./open.ts";

const etl = ["data", "customer-etl"] as const;
const shop = ["shop", "checkout"] as const;
const seeds = [1, 2, 3, 4, 5];

describe.each(seeds)("customer-etl, seed %i", (seed) => {
  const open = () => openSandbox({ scenario: "customer-etl", seed });

  it("failed about 2 % before the release and about 78 % at the start", async () => {
    const sandbox = await open();
    const rates = await values(sandbox, pipeline("customer-etl", "FailureRate"), "Average", 120);
    expect(Math.max(...rates.slice(0, 90))).toBeLessThan(6);
    expect(await failureRate(sandbox, 5)).toBeGreaterThan(72);
    expect(await failureRate(sandbox, 5)).toBeLessThan(84);
  });

  it("is healed by the rollback, and stays so; the pipelines behind catch up", async () => {
    const sandbox = await open();
    await rollback(sandbox, ...etl, 6);
    await pass(sandbox.world, 4);
    expect(await failureRate(sandbox)).toBeLessThan(4);
    await pass(sandbox.world, 6);
    expect(await sandbox.alarms.list({ states: ["ALARM"] }, signal)).toEqual([]);
    await pass(sandbox.world, 120);
    expect(await failureRate(sandbox, 60)).toBeLessThan(3);
  });

  it("is helped for four minutes by a restart", async () => {
    const sandbox = await open();
    await restart(sandbox, ...etl);
    await pass(sandbox.world, 4);
    expect(await failureRate(sandbox)).toBeLessThan(6);
    await pass(sandbox.world, 5);
    expect(await failureRate(sandbox)).toBeGreaterThan(70);
  });

  it("gets worse by more replicas, and by the way back is as before", async () => {
    const sandbox = await open();
    const before = await failureRate(sandbox, 5);
    await scale(sandbox, ...etl, 6);
    await pass(sandbox.world, 8);
    expect(await failureRate(sandbox, 5)).toBeGreaterThan(before + 5);
    await scale(sandbox, ...etl, 3);
    await pass(sandbox.world, 15);
    expect(await failureRate(sandbox, 5)).toBeLessThan(before + 6);
  });

  it("fails 8 % for half an hour with a larger pool, then climbs", async () => {
    const sandbox = await open();
    await patch(sandbox, "data", "customer-etl-config", { max_connections: "200" });
    await pass(sandbox.world, 10);
    expect(await failureRate(sandbox, 4)).toBeGreaterThan(6);
    expect(await failureRate(sandbox, 4)).toBeLessThan(10);
    await pass(sandbox.world, 18);
    expect(await failureRate(sandbox, 4)).toBeLessThan(11);
    await pass(sandbox.world, 20);
    expect(await failureRate(sandbox, 4)).toBeGreaterThan(70);
  });

  it("is no better for a rollback to another revision with the fault", async () => {
    const sandbox = await open();
    await rollback(sandbox, ...etl, 7);
    await pass(sandbox.world, 12);
    expect(await failureRate(sandbox)).toBeGreaterThan(70);
  });
});

async function healthy(sandbox: Sandbox): Promise<number> {
  const found = await sandbox.metrics.find({ namespace: "AWS/ApplicationELB" }, signal);
  const hosts = found.find(
    ({ name, dimensions }) =>
      name === "HealthyHostCount" && dimensions.TargetGroup?.includes("/checkout/"),
  );
  if (!hosts) throw new Error("no HealthyHostCount");
  return Math.min(...(await values(sandbox, hosts, "Minimum", 8)));
}

describe.each(seeds)("checkout-memory, seed %i", (seed) => {
  const open = () => openSandbox({ scenario: "checkout-memory", seed });

  it("begins with pods that come and go", async () => {
    const sandbox = await open();
    expect(await healthy(sandbox)).toBeLessThan(3);
    const ringing = await sandbox.alarms.list({ states: ["ALARM"] }, signal);
    expect(ringing.map((alarm) => alarm.name)).toContain("checkout-healthy-hosts");
    expect(ringing.map((alarm) => alarm.name)).toContain("shop-front-door");
  });

  it("is healed by the rollback", async () => {
    const sandbox = await open();
    await rollback(sandbox, ...shop, 4);
    await pass(sandbox.world, 15);
    expect(await healthy(sandbox)).toBe(4);
    expect(await sandbox.alarms.list({ states: ["ALARM"] }, signal)).toEqual([]);
  });

  it("is not healed by a restart or more replicas", async () => {
    const sandbox = await open();
    await restart(sandbox, ...shop);
    await pass(sandbox.world, 12);
    expect(await healthy(sandbox)).toBeLessThan(3);
    await scale(sandbox, ...shop, 8);
    await pass(sandbox.world, 15);
    expect(await healthy(sandbox)).toBeLessThan(3);
  });
});

describe("quiet-night", () => {
  it("stays quiet", async () => {
    const sandbox = await openSandbox({ scenario: "quiet-night" });
    for (let hour = 0; hour < 6; hour++) {
      expect(await sandbox.alarms.list({ states: ["ALARM"] }, signal)).toEqual([]);
      await pass(sandbox.world, 60);
    }
  });
});
