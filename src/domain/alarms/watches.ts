import { duration } from "#domain/text/time.ts";
import { clip } from "#domain/text/untrusted.ts";
import { SECOND } from "#domain/window.ts";
import type { Alarm, AlarmQuery, MetricId } from "./alarm.ts";

const COMPARISONS: Readonly<Record<string, string>> = {
  GreaterThanThreshold: ">",
  GreaterThanOrEqualToThreshold: ">=",
  LessThanThreshold: "<",
  LessThanOrEqualToThreshold: "<=",
  GreaterThanUpperThreshold: "above its expected band",
  LessThanLowerThreshold: "below its expected band",
  LessThanLowerOrGreaterThanUpperThreshold: "outside its expected band",
};

/** Longest rule or query that is repeated in words. */
const MAX_QUOTED = 240;

/** What the alarm watches and when it fires, in words. */
export function watches(alarm: Alarm): string {
  if (alarm.kind === "composite") return `rule ${clip(alarm.rule ?? "unknown", MAX_QUOTED)}`;
  const subject =
    alarm.kind === "log"
      ? `log query ${JSON.stringify(clip(alarm.logQuery ?? "", MAX_QUOTED))}`
      : metricSubject(alarm.queries);
  return [subject, condition(alarm), missing(alarm)].filter((part) => part !== "").join(" ");
}

function metricSubject(queries: readonly AlarmQuery[]): string {
  const judged = evaluatedQuery(queries);
  if (!judged) return "a metric that is not described";
  if (judged.metric) return metricText(judged.metric, judged.statistic);
  const inputs = queries.flatMap((query) =>
    query.metric ? [`${query.id} = ${metricText(query.metric, query.statistic)}`] : [],
  );
  const expression = clip(judged.expression ?? judged.id, MAX_QUOTED);
  return inputs.length === 0 ? expression : `${expression} (${inputs.join("; ")})`;
}

/** The entry that is compared with the threshold. */
export function evaluatedQuery(queries: readonly AlarmQuery[]): AlarmQuery | undefined {
  return queries.find((query) => query.evaluated) ?? queries[0];
}

/** `Average of AWS/Lambda Errors {FunctionName=checkout}`. */
export function metricText(metric: MetricId, statistic?: string): string {
  const dimensions = Object.entries(metric.dimensions).map(([name, value]) => `${name}=${value}`);
  const scope = dimensions.length === 0 ? "" : ` {${dimensions.join(", ")}}`;
  const of = statistic === undefined ? "" : `${statistic} of `;
  return `${of}${metric.namespace} ${metric.name}${scope}`;
}

function condition(alarm: Alarm): string {
  const words = COMPARISONS[alarm.comparison ?? ""] ?? alarm.comparison ?? "";
  const compared = [words, alarm.threshold ?? ""].filter((part) => part !== "").join(" ");
  return [compared, periods(alarm)].filter((part) => part !== "").join(", ");
}

function periods(alarm: Alarm): string {
  const of = alarm.evaluationPeriods;
  if (of === undefined) return "";
  const needed = alarm.datapointsToAlarm ?? of;
  const seconds = periodSeconds(alarm);
  const each = seconds === undefined ? "" : ` of ${duration(seconds * SECOND)}`;
  return `${needed} of ${of} ${of === 1 ? "period" : "periods"}${each}`;
}

/** The period of the evaluated entry; of metric math, the longest of its inputs. */
export function periodSeconds(alarm: Alarm): number | undefined {
  const own = evaluatedQuery(alarm.queries)?.periodSeconds;
  if (own !== undefined) return own;
  const all = alarm.queries.flatMap((query) => query.periodSeconds ?? []);
  return all.length === 0 ? undefined : Math.max(...all);
}

function missing(alarm: Alarm): string {
  return alarm.treatMissingData === "breaching" ? "(missing data counts as breaching)" : "";
}

/** Every metric that the alarm reads. */
export function metricsOf(alarm: Alarm): MetricId[] {
  return alarm.queries.flatMap((query) => query.metric ?? []);
}
