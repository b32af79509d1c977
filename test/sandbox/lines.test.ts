import { describe, expect, it } from "vitest";
import type { MetricId } from "#domain/alarms/alarm.ts";
import { MINUTE, trailing } from "#domain/window.ts";
import { minutes, pipeline, rollback, sum, wholeMinute } from "./observe.ts";
import { openSandbox, pass, type Sandbox, signal } from "./open.ts";

const span = 45;

/** How many lines of the group match, by minute. */
async function lineCounts(
  sandbox: Sandbox,
  group: string,
  pattern: string,
): Promise<ReadonlyMap<number, number>> {
  const window = trailing(wholeMinute(sandbox.clock.now()), span);
  const query = { group, pattern, window, limit: 100_000 };
  const { events, complete } = await sandbox.logs.filter(query, signal);
  expect(complete).toBe(true);
  const counts = new Map<number, number>();
  for (const { at } of events) {
    const minute = Math.floor(at.getTime() / MINUTE) * MINUTE;
    counts.set(minute, (counts.get(minute) ?? 0) + 1);
  }
  return counts;
}

async function byMinute(sandbox: Sandbox, metric: MetricId): Promise<ReadonlyMap<number, number>> {
  const window = trailing(wholeMinute(sandbox.clock.now()), span);
  const points = await minutes(sandbox, metric, "Sum", window);
  return new Map(points.map((point) => [point.at.getTime(), point.value]));
}

describe("error lines match rate and traffic", () => {
  it.each([1, 2, 3])("customer-etl, seed %i: before, in and after the incident", async (seed) => {
    const sandbox = await openSandbox({ scenario: "customer-etl", seed });
    await rollback(sandbox, "data", "customer-etl", 6);
    await pass(sandbox.world, 15);
    const errors = await lineCounts(sandbox, "/data/customer-etl", "ERROR");
    const started = await byMinute(sandbox, pipeline("customer-etl", "TasksStarted"));
    const rates = await byMinute(sandbox, pipeline("customer-etl", "FailureRate"));
    expect(rates.size).toBe(span);
    for (const [minute, rate] of rates) {
      const expected = (rate / 100) * (started.get(minute) ?? 0);
      expect(errors.get(minute) ?? 0).toBeCloseTo(expected, 6);
    }
  });

  it("the metric that the lines feed is their count", async () => {
    const sandbox = await openSandbox({ scenario: "customer-etl" });
    const fed = { namespace: "Data/Logs", name: "customer-etl-errors", dimensions: {} };
    const [filter] = await sandbox.logs.metricFilters(fed, signal);
    const counts = await lineCounts(sandbox, filter?.logGroup ?? "", filter?.pattern ?? "");
    expect(Object.fromEntries(await byMinute(sandbox, fed))).toEqual(Object.fromEntries(counts));
  });

  it.each([1, 2, 3])(
    "checkout-memory, seed %i: a line for each request that failed",
    async (seed) => {
      const sandbox = await openSandbox({ scenario: "checkout-memory", seed });
      const elb = await sandbox.metrics.find({ namespace: "AWS/ApplicationELB" }, signal);
      const failed = elb.filter(
        ({ name, dimensions }) =>
          name.startsWith("HTTPCode") && dimensions.TargetGroup?.includes("/checkout/"),
      );
      const counts = await lineCounts(sandbox, "/shop/gateway", "{ $.status >= 500 }");
      const sums = await Promise.all(failed.map((metric) => byMinute(sandbox, metric)));
      expect(failed).toHaveLength(2);
      expect(sum(sums.flatMap((one) => [...one.values()]))).toBe(sum([...counts.values()]));
      for (const [minute, lines] of counts) {
        expect(sum(sums.map((one) => one.get(minute) ?? 0))).toBe(lines);
      }
    },
  );

  it("lines come only from pods that were there", async () => {
    const sandbox = await openSandbox({ scenario: "customer-etl" });
    await rollback(sandbox, "data", "customer-etl", 6);
    await pass(sandbox.world, 5);
    const pods = await sandbox.workloads.list(
      { kind: "pods", namespace: "data", limit: 99 },
      signal,
    );
    const names = pods.items.map(({ metadata }) => metadata.name);
    const window = trailing(sandbox.clock.now(), 3);
    const query = { group: "/data/customer-etl", pattern: "", window, limit: 1000 };
    const { events } = await sandbox.logs.filter(query, signal);
    expect(events.length).toBeGreaterThan(10);
    expect(events.every((event) => names.includes(event.stream))).toBe(true);
  });
});
