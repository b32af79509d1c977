import { beforeAll, expect, test } from "vitest";
import { DAY, HOUR, MINUTE, shift, trailing } from "#domain/window.ts";
import type { RegionPorts } from "#ports/index.ts";
import type { AwsBackend } from "../backends/aws/backend.ts";
import { clients } from "../backends/aws/seed.ts";
import { openRegion } from "./region.ts";

const region = "us-east-2";
const { signal } = new AbortController();
const now = new Date(Math.floor(Date.now() / MINUTE) * MINUTE);
const two = (n: number) => String(n).padStart(3, "0");
const metric = { namespace: "Shop", name: "Errors", dimensions: { Service: "checkout" } };

let ports: RegionPorts;
let backend: AwsBackend;
let write: ReturnType<typeof clients>;

beforeAll(async () => {
  const opened = await openRegion(region);
  ports = opened;
  backend = opened.backend;
  write = clients(backend, region);
  return () => write.close();
});

test("more alarms than one page of each kind are all there", async () => {
  for (let i = 0; i < 130; i++) await write.cloudWatch.putMetricAlarm(alarmNamed(`a-${two(i)}`));
  await write.cloudWatch.putCompositeAlarm({
    AlarmName: "any",
    AlarmRule: 'ALARM("a-000") OR ALARM("a-001")',
  });
  const all = await ports.alarms.list({}, signal);
  expect(all.map(({ name }) => name)).toEqual([
    ...Array.from({ length: 130 }, (_, i) => `a-${two(i)}`),
    "any",
  ]);
  const names = Array.from({ length: 120 }, (_, i) => `a-${two(i)}`);
  expect(await ports.alarms.list({ names }, signal)).toHaveLength(120);
});

test("a long history is read to its end, newest first", async () => {
  const events = Array.from({ length: 230 }, (_, i) => ({
    at: shift(now, (i - 230) * MINUTE),
    kind: "state" as const,
    summary: "",
    from: i % 2 ? ("ALARM" as const) : ("OK" as const),
    to: i % 2 ? ("OK" as const) : ("ALARM" as const),
    reason: `change ${i}`,
  }));
  const alarm = { name: "a-000", state: "OK", stateReason: "quiet", since: now } as const;
  await backend.setPast(region, alarm, events);
  const found = await ports.alarms.history("a-000", trailing(now, 24 * 60), signal);
  expect(found.map(({ reason }) => reason)).toEqual(
    events.map(({ reason }) => reason).toReversed(),
  );
});

test("mute rules say which alarms they keep quiet, and until when", async () => {
  const start = `${shift(now, -10 * MINUTE)
    .toISOString()
    .slice(0, 16)}`;
  await write.cloudWatch.putAlarmMuteRule({
    Name: "upgrade",
    MuteTargets: { AlarmNames: ["a-000", "a-001"] },
    Rule: { Schedule: { Expression: `at(${start})`, Duration: "PT1H30M" } },
  });
  await write.cloudWatch.putAlarmMuteRule({
    Name: "nightly",
    MuteTargets: { AlarmNames: ["a-002"] },
    Rule: { Schedule: { Expression: "cron(0 2 * * *)", Duration: "PT2H" } },
  });
  expect(await ports.alarms.mutes(signal)).toEqual([
    { name: "nightly", alarms: ["a-002"], active: false },
    {
      name: "upgrade",
      alarms: ["a-000", "a-001"],
      active: true,
      until: shift(now, 80 * MINUTE),
    },
  ]);
});

test("an endpoint without mute rules has none", async () => {
  const action = "cloudwatch:ListAlarmMuteRules";
  await backend.addFaults([{ region, action, code: "UnknownOperationException", times: 1 }]);
  expect(await ports.alarms.mutes(signal)).toEqual([]);
});

test("more points than CloudWatch answers at once come as one series", async () => {
  const start = shift(now, -2 * DAY);
  const minutes = Array.from({ length: 2 * 24 * 60 }, (_, i) => i);
  for (let i = 0; i < minutes.length; i += 1000) {
    await write.cloudWatch.putMetricData({
      Namespace: metric.namespace,
      MetricData: minutes.slice(i, i + 1000).map((minute) => ({
        MetricName: metric.name,
        Dimensions: [{ Name: "Service", Value: "checkout" }],
        Timestamp: shift(start, minute * MINUTE),
        Value: minute,
        Unit: "Count",
      })),
    });
  }
  const window = { start, end: now };
  const query = { ...metric, statistics: ["Sum", "p99"], window, periodSeconds: 60 };
  const { unit, series } = await ports.metrics.statistics(query, signal);
  expect(unit).toBe("Count");
  for (const { points } of series) expect(points.map(({ value }) => value)).toEqual(minutes);
});

test("empty pages are read past, and the newest events are kept", async () => {
  const group = { logGroupName: "/shop/checkout" };
  const stream = { ...group, logStreamName: "one" };
  await write.logs.createLogGroup(group);
  await write.logs.createLogStream(stream);
  const logEvents = Array.from({ length: 3000 }, (_, i) => ({
    timestamp: now.getTime() - (3000 - i) * 1000,
    message: i < 5 ? `ERROR number ${i}` : `INFO number ${i}`,
  }));
  await write.logs.putLogEvents({ ...stream, logEvents });
  const window = { start: shift(now, -HOUR), end: now };
  const query = { group: group.logGroupName, pattern: "ERROR", window, limit: 3 };
  const { events, complete, pages } = await ports.logs.filter(query, signal);
  expect(events.map(({ message }) => message)).toEqual([
    "ERROR number 4",
    "ERROR number 3",
    "ERROR number 2",
  ]);
  expect(pages).toBe(6);
  expect(complete).toBe(false);
  const all = await ports.logs.filter({ ...query, limit: 50 }, signal);
  expect(all).toMatchObject({ complete: true, events: { length: 5 } });
});

test("a window from before 2024 is read from its head, and the newest are kept all the same", async () => {
  const window = { start: new Date("2023-06-01T00:00:00Z"), end: now };
  const query = { group: "/shop/checkout", pattern: "ERROR", window, limit: 2 };
  const { events, complete } = await ports.logs.filter(query, signal);
  expect(events.map(({ message }) => message)).toEqual(["ERROR number 4", "ERROR number 3"]);
  expect(complete).toBe(true);
});

test("more log groups than one page", async () => {
  for (let i = 0; i < 60; i++) await write.logs.createLogGroup({ logGroupName: `/many/${two(i)}` });
  expect(await ports.logs.groups({ pattern: "many", limit: 55 }, signal)).toHaveLength(55);
  expect(await ports.logs.groups({ pattern: "many", limit: 500 }, signal)).toHaveLength(60);
});

function alarmNamed(AlarmName: string) {
  return {
    AlarmName,
    Namespace: metric.namespace,
    MetricName: metric.name,
    Statistic: "Sum",
    Period: 60,
    EvaluationPeriods: 1,
    Threshold: 1,
    ComparisonOperator: "GreaterThanThreshold",
  } as const;
}
