import { expect, test } from "vitest";
import { cloudWatchLogs } from "#adapters/aws/logs.ts";

const { signal } = new AbortController();
const logs = cloudWatchLogs("eu-west-1");

test("what no group's name can hold is not searched for", async () => {
  expect(await logs.groups({ pattern: "/data; rm -rf", limit: 5 }, signal)).toEqual([]);
  expect(await logs.groups({ pattern: "x".repeat(513), limit: 5 }, signal)).toEqual([]);
});

test("a metric that no filter can feed has none", async () => {
  const recorded = { namespace: "Prometheus", name: "job:errors:rate5m" };
  expect(await logs.metricFilters(recorded, signal)).toEqual([]);
});
