import { beforeAll, beforeEach, expect, test } from "vitest";
import { alarmsPermissions } from "#adapters/aws/alarms.ts";
import { logsPermissions } from "#adapters/aws/logs.ts";
import { metricsPermissions } from "#adapters/aws/metrics.ts";
import { awsPermissions } from "#adapters/aws/permissions.ts";
import { checkRegions } from "#adapters/live-regions.ts";
import { trailing } from "#domain/window.ts";
import type { RegionPorts } from "#ports/index.ts";
import type { AwsBackend } from "../backends/aws/backend.ts";
import { clients, seedIncident } from "../backends/aws/seed.ts";
import { openRegion } from "./region.ts";

const region = "ap-southeast-2";
const now = new Date();
const window = trailing(now, 30);
const { signal } = new AbortController();
const metric = {
  namespace: "Data/Pipelines",
  name: "FailureRate",
  dimensions: { Pipeline: "customer-etl" },
};

let ports: RegionPorts;
let backend: AwsBackend;

beforeAll(async () => {
  const opened = await openRegion(region);
  ports = opened;
  backend = opened.backend;
  await seedIncident(backend, { region, scenario: "customer-etl", now });
  await muteOne();
});

beforeEach(() => backend.forgetCalls(region));

const calls = async () => Object.keys(await backend.calls(region)).sort();

test.each([
  ["alarms.list", alarmsPermissions.list, () => ports.alarms.list({}, signal)],
  [
    "alarms.history",
    alarmsPermissions.history,
    () => ports.alarms.history("customer-etl-failure-rate", window, signal),
  ],
  ["alarms.mutes", alarmsPermissions.mutes, () => ports.alarms.mutes(signal)],
  [
    "alarms.consoleUrl",
    alarmsPermissions.consoleUrl,
    async () => ports.alarms.consoleUrl("customer-etl-failure-rate"),
  ],
  [
    "metrics.statistics",
    metricsPermissions.statistics,
    () =>
      ports.metrics.statistics(
        { ...metric, statistics: ["Average", "p90"], window, periodSeconds: 60 },
        signal,
      ),
  ],
  ["metrics.find", metricsPermissions.find, () => ports.metrics.find(metric, signal)],
  [
    "logs.filter",
    logsPermissions.filter,
    () => ports.logs.filter({ group: "/data/customer-etl", pattern: "", window, limit: 9 }, signal),
  ],
  ["logs.groups", logsPermissions.groups, () => ports.logs.groups({ limit: 9 }, signal)],
  [
    "logs.metricFilters",
    logsPermissions.metricFilters,
    () => ports.logs.metricFilters(metric, signal),
  ],
] as const)("%s uses what it declares and nothing else", async (_, declared, read) => {
  await read();
  expect(await calls()).toEqual([...declared].sort());
});

test("doctor tries every declared action, and says who it is", async () => {
  const checks = await checkRegions({ regions: [region], env: {} }, signal);
  expect(checks.filter(({ status }) => status !== "ok")).toEqual([]);
  expect(checks[0]?.detail).toMatch(/^arn:aws:sts::123456789012:.* in account 123456789012$/);
  expect(await calls()).toEqual([...awsPermissions, "sts:GetCallerIdentity"].sort());
});

test("doctor names the permission that is missing and the way to get it", async () => {
  const code = "AccessDenied";
  await backend.addFaults([{ region, action: "cloudwatch:ListMetrics", code, status: 403 }]);
  const checks = await checkRegions({ regions: [region], env: {} }, signal);
  await backend.clearFaults(region);
  expect(checks.filter(({ status }) => status !== "ok")).toEqual([
    {
      subject: `cloudwatch:ListMetrics in ${region}`,
      status: "failed",
      detail: expect.stringContaining("AWS denies cloudwatch:ListMetrics"),
      fix: expect.stringContaining("Allow cloudwatch:ListMetrics"),
    },
  ]);
});

test("doctor tries nothing more when nobody knows us", async () => {
  const code = "InvalidClientTokenId";
  await backend.addFaults([{ region, action: "sts:GetCallerIdentity", code, status: 403 }]);
  const checks = await checkRegions({ regions: [region], env: {} }, signal);
  await backend.clearFaults(region);
  expect(checks).toMatchObject([
    { status: "failed", fix: expect.stringContaining("aws sso login") },
  ]);
});

async function muteOne(): Promise<void> {
  const write = clients(backend, region);
  await write.cloudWatch.putAlarmMuteRule({
    Name: "nightly",
    MuteTargets: { AlarmNames: ["customer-etl-failure-rate"] },
    Rule: { Schedule: { Expression: "cron(0 2 * * *)", Duration: "PT2H" } },
  });
  write.close();
}
