import { beforeAll, expect, test } from "vitest";
import { openRegions } from "#adapters/live-regions.ts";
import type { Places, RegionPorts, World } from "#ports/index.ts";
import { connect } from "../../support/connect.ts";
import { seedIncident } from "../backends/aws/seed.ts";
import { openRegion } from "./region.ts";

const region = "eu-north-1";
const now = new Date();
let regions: Places<RegionPorts> | undefined;

beforeAll(async () => {
  const { backend } = await openRegion(region);
  await seedIncident(backend, { region, scenario: "customer-etl", now });
  regions = await openRegions({ regions: [region], env: {} });
});

/** The server with CloudWatch in the place of the sandbox's regions, at the moment of the incident. */
const world = (sandbox: World): World => ({
  ...sandbox,
  clock: { ...sandbox.clock, now: () => now },
  ...(regions && { regions }),
});

test("the alarm, its history, its metric and its log lines lead from one to the next", async () => {
  const { call } = await connect({ world });
  const alarms = await call("list_active_alarms");
  expect(alarms).toMatchObject({ failed: false });
  expect(alarms.value).toMatchObject({
    alarms: expect.arrayContaining([
      expect.objectContaining({ name: "customer-etl-failure-rate", state: "ALARM" }),
      expect.objectContaining({ name: "customer-data-delivery", kind: "composite" }),
    ]),
  });
  expect(alarms.text).toContain("/data/customer-etl");

  const history = await call("get_alarm_history", { alarm_name: "customer-etl-failure-rate" });
  expect(history).toMatchObject({ failed: false, text: expect.stringContaining("ALARM") });

  const metric = await call("get_metric_statistics", {
    namespace: "Data/Pipelines",
    metric_name: "FailureRate",
    dimensions: { Pipeline: "customer-etl" },
  });
  expect(metric).toMatchObject({ failed: false, text: expect.stringContaining("Percent") });

  const lines = await call("fetch_log_events", { log_group: "/data/customer-etl" });
  expect(lines).toMatchObject({ failed: false, text: expect.stringContaining("ERROR") });
});

test("a log group that is missing comes back with the names that are close", async () => {
  const { call } = await connect({ world });
  const answer = await call("fetch_log_events", { log_group: "/data/custmer-etl" });
  expect(answer.failed).toBe(true);
  expect(answer.text).toMatch(/^not_found: /);
  expect(answer.text).toContain("/data/customer-etl");
});
