import type { Alarm, AlarmState, MetricId } from "#domain/alarms/alarm.ts";
import type { KubeObject, ResourceKind } from "#domain/kubernetes/object.ts";
import type { Point } from "#domain/metrics/series.ts";
import { MINUTE, shift, type TimeWindow, trailing } from "#domain/window.ts";
import type { Change, WorkloadRef } from "#ports/workloads.ts";
import { type Sandbox, signal } from "./open.ts";

/** One statistic of a metric, minute by minute. */
export async function minutes(
  { metrics }: Sandbox,
  metric: MetricId,
  statistic: string,
  window: TimeWindow,
): Promise<readonly Point[]> {
  const query = { ...metric, statistics: [statistic], window, periodSeconds: 60 };
  const { series } = await metrics.statistics(query, signal);
  return series[0]?.points ?? [];
}

export async function values(
  sandbox: Sandbox,
  metric: MetricId,
  statistic: string,
  lastMinutes: number,
): Promise<readonly number[]> {
  const window = trailing(wholeMinute(sandbox.clock.now()), lastMinutes);
  return (await minutes(sandbox, metric, statistic, window)).map((point) => point.value);
}

export function pipeline(name: string, metric: string): MetricId {
  return { namespace: "Data/Pipelines", name: metric, dimensions: { Pipeline: name } };
}

/** The pipeline's failure rate in percent over the last whole minutes. */
export async function failureRate(
  sandbox: Sandbox,
  lastMinutes = 2,
  name = "customer-etl",
): Promise<number> {
  const rates = await values(sandbox, pipeline(name, "FailureRate"), "Average", lastMinutes);
  return mean(rates);
}

export function mean(numbers: readonly number[]): number {
  return numbers.reduce((sum, value) => sum + value, 0) / numbers.length;
}

export function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, value) => total + value, 0);
}

export function wholeMinute(at: Date): Date {
  return new Date(Math.floor(at.getTime() / MINUTE) * MINUTE);
}

/** The state of an alarm by its metric (or lines, or children) alone, read through the ports at `at`. */
export async function judged(sandbox: Sandbox, alarm: Alarm, at: Date): Promise<AlarmState> {
  if (alarm.kind === "composite") return judgedChildren(sandbox, alarm, at);
  const periods = alarm.evaluationPeriods ?? 0;
  const length = (alarm.queries[0]?.periodSeconds ?? 300) * 1000;
  const end = Math.floor(at.getTime() / length) * length;
  const found = await Promise.all(
    Array.from({ length: periods }, (_, i) =>
      periodValue(sandbox, alarm, new Date(end - (i + 1) * length), length),
    ),
  );
  const known = found.flatMap((value) => value ?? []);
  if (known.length === 0 && alarm.treatMissingData === "missing") return "INSUFFICIENT_DATA";
  const missing = alarm.treatMissingData === "breaching" ? periods - known.length : 0;
  const breaching = known.filter((value) => breaches(alarm, value)).length + missing;
  return breaching >= (alarm.datapointsToAlarm ?? periods) ? "ALARM" : "OK";
}

async function judgedChildren(sandbox: Sandbox, alarm: Alarm, at: Date): Promise<AlarmState> {
  const names = [...(alarm.rule ?? "").matchAll(/ALARM\("([^"]+)"\)/g)].map(([, name]) => name);
  const children = await sandbox.alarms.list({ names: names.flatMap((one) => one ?? []) }, signal);
  const states = await Promise.all(children.map((child) => judged(sandbox, child, at)));
  return states.includes("ALARM") ? "ALARM" : "OK";
}

async function periodValue(
  sandbox: Sandbox,
  alarm: Alarm,
  start: Date,
  length: number,
): Promise<number | undefined> {
  const window = { start, end: shift(start, length) };
  if (alarm.kind === "log") return lines(sandbox, alarm, window);
  const [query] = alarm.queries;
  if (!query?.metric || query.statistic === undefined) throw new Error("no plain metric");
  const { series } = await sandbox.metrics.statistics(
    { ...query.metric, statistics: [query.statistic], window, periodSeconds: length / 1000 },
    signal,
  );
  return series[0]?.points[0]?.value;
}

async function lines({ logs }: Sandbox, alarm: Alarm, window: TimeWindow): Promise<number> {
  const found = await Promise.all(
    (alarm.logGroups ?? []).map((group) =>
      logs.filter({ group, pattern: '{ $.level = "error" }', window, limit: 100_000 }, signal),
    ),
  );
  return sum(found.map((answer) => answer.events.length));
}

function breaches({ comparison = "", threshold = 0 }: Alarm, value: number): boolean {
  const above = value > threshold || (comparison.includes("OrEqual") && value === threshold);
  const below = value < threshold || (comparison.includes("OrEqual") && value === threshold);
  return comparison.startsWith("Greater") ? above : below;
}

export async function objects(
  { workloads }: Sandbox,
  kind: ResourceKind,
  namespace?: string,
): Promise<readonly KubeObject[]> {
  const query = { kind, limit: 1000, ...(namespace === undefined ? {} : { namespace }) };
  return (await workloads.list(query, signal)).items;
}

export function deploymentRef(namespace: string, name: string): WorkloadRef {
  return { kind: "deployments", namespace, name };
}

/** The precondition of a change to the object as it is now. */
export async function asRead(
  { workloads }: Sandbox,
  ref: Parameters<Sandbox["workloads"]["get"]>[0],
): Promise<Change> {
  const object = await workloads.get(ref, signal);
  if (!object) throw new Error(`no ${ref.kind} ${ref.name}`);
  const { uid, resourceVersion } = object.metadata;
  return { expects: { uid, resourceVersion }, dryRun: false };
}

export async function restart(sandbox: Sandbox, namespace: string, name: string): Promise<void> {
  const ref = deploymentRef(namespace, name);
  const how = await asRead(sandbox, ref);
  await sandbox.workloads.restart(ref, sandbox.clock.now(), how, signal);
}

export async function scale(
  sandbox: Sandbox,
  namespace: string,
  name: string,
  replicas: number,
): Promise<void> {
  const ref = deploymentRef(namespace, name);
  await sandbox.workloads.scale(ref, replicas, await asRead(sandbox, ref), signal);
}

export async function patch(
  sandbox: Sandbox,
  namespace: string,
  name: string,
  data: Readonly<Record<string, string | null>>,
): Promise<void> {
  const ref = { kind: "configmaps", namespace, name } as const;
  await sandbox.workloads.patchConfigMap(ref, data, await asRead(sandbox, ref), signal);
}

export async function rollback(
  sandbox: Sandbox,
  namespace: string,
  name: string,
  revision: number,
): Promise<void> {
  await sandbox.releases.rollback({ namespace, name, revision, timeoutSeconds: 300 }, signal);
}
