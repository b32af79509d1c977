import { describe, expect, it } from "vitest";
import { failureRate, objects, patch, pipeline, rollback, values } from "./observe.ts";
import { openSandbox, pass, type Sandbox, signal } from "./open.ts";

const etl = ["data", "customer-etl"] as const;

describe("onset", () => {
  it.each([20, 60, 240])("moves to %i minutes ago, for every signal", async (onsetMinutesAgo) => {
    const sandbox = await openSandbox({
      scenario: "customer-etl",
      overrides: { onsetMinutesAgo },
    });
    const [newest] = await sandbox.releases.history({ namespace: "data", name: etl[1] }, signal);
    const age = (sandbox.clock.now().getTime() - (newest?.updatedAt.getTime() ?? 0)) / 60_000;
    expect(age).toBeCloseTo(onsetMinutesAgo, 1);
    const metric = pipeline("customer-etl", "FailureRate");
    const rates = await values(sandbox, metric, "Average", onsetMinutesAgo + 30);
    const sick = rates.filter((rate) => rate > 40).length;
    expect(sick).toBeGreaterThan(onsetMinutesAgo - 8);
    expect(sick).toBeLessThan(onsetMinutesAgo - 3);
    const [alarm] = await sandbox.alarms.list({ names: ["customer-etl-failure-rate"] }, signal);
    const ringing = (sandbox.clock.now().getTime() - (alarm?.since.getTime() ?? 0)) / 60_000;
    expect(ringing).toBeGreaterThan(onsetMinutesAgo - 10);
    expect(ringing).toBeLessThan(onsetMinutesAgo - 4);
    const pods = (await objects(sandbox, "pods", "data")).filter(({ metadata }) =>
      metadata.name.startsWith("customer-etl-"),
    );
    for (const { metadata } of pods) {
      const born = new Date(metadata.creationTimestamp ?? 0).getTime();
      expect((sandbox.clock.now().getTime() - born) / 60_000).toBeCloseTo(onsetMinutesAgo, -0.5);
    }
  });
});

describe("severity", () => {
  it.each([0.3, 0.55, 0.9])("reaches %f of the tasks", async (peak) => {
    const sandbox = await openSandbox({ scenario: "customer-etl", overrides: { peak } });
    expect(await failureRate(sandbox, 6)).toBeGreaterThan(100 * peak - 4);
    expect(await failureRate(sandbox, 6)).toBeLessThan(100 * peak + 4);
  });
});

describe("remedy", () => {
  it("customer-etl: when a setting is at fault, the setting heals for good", async () => {
    const sandbox = await openSandbox({
      scenario: "customer-etl",
      overrides: { fault: "setting" },
    });
    expect(await failureRate(sandbox)).toBeGreaterThan(70);
    await patch(sandbox, "data", "customer-etl-config", { max_connections: "50" });
    await pass(sandbox.world, 90);
    expect(await failureRate(sandbox, 80)).toBeLessThan(4);
  });

  it("checkout-memory: when the code is at fault, the limit is as before and the rollback heals", async () => {
    const sandbox = await openSandbox({
      scenario: "checkout-memory",
      overrides: { fault: "code" },
    });
    const limit = async (revision: number) => {
      const release = { namespace: "shop", name: "checkout" };
      return (await sandbox.releases.content(release, revision, signal)).values.resources;
    };
    expect(await limit(5)).toEqual(await limit(4));
    const front = async () =>
      (await sandbox.alarms.list({ names: ["shop-front-door"] }, signal))[0]?.state;
    expect(await front()).toBe("ALARM");
    await rollback(sandbox, "shop", "checkout", 4);
    await pass(sandbox.world, 15);
    expect(await front()).toBe("OK");
  });
});

describe("names", () => {
  const names = {
    "customer-etl": "zq-loader",
    data: "lake",
    "reporting-sync": "zq-board",
    "churn-features": "zq-model",
    "invoice-export": "zq-bills",
    "legacy-crm": "old-db",
    "customer-data-delivery": "zq-all",
  };

  /** Everything that can be read, as text. */
  async function everything(sandbox: Sandbox): Promise<string> {
    const groups = await sandbox.logs.groups({ limit: 50 }, signal);
    const end = sandbox.clock.now();
    const window = { start: new Date(end.getTime() - 600_000), end };
    const lines = groups.map(({ name }) =>
      sandbox.logs.filter({ group: name, pattern: "", window, limit: 500 }, signal),
    );
    const releases = await sandbox.releases.list({}, signal);
    const contents = releases.map((one) => sandbox.releases.content(one, one.revision, signal));
    return JSON.stringify([
      groups,
      releases,
      await sandbox.alarms.list({}, signal),
      await Promise.all(lines),
      await Promise.all(contents),
      await objects(sandbox, "pods"),
      await objects(sandbox, "deployments"),
      await objects(sandbox, "configmaps"),
      await objects(sandbox, "events"),
    ]);
  }

  it("are renamed wherever they occur", async () => {
    const sandbox = await openSandbox({ scenario: "customer-etl", seed: 9, overrides: { names } });
    const text = await everything(sandbox);
    for (const usual of ["customer-etl", "reporting-sync", "churn-", "invoice-", "legacy-crm"]) {
      expect(text).not.toContain(usual);
    }
    expect(await objects(sandbox, "deployments", "lake")).toHaveLength(5);
    await rollback(sandbox, "lake", "zq-loader", 6);
    await pass(sandbox.world, 8);
    expect(await failureRate(sandbox, 3, "zq-loader")).toBeLessThan(4);
  });
});
