import type { CloudWatch, MetricDatum } from "@aws-sdk/client-cloudwatch";
import type { Alarm, MetricId } from "#domain/alarms/alarm.ts";
import type { TimeWindow } from "#domain/window.ts";
import type { Metrics } from "#ports/metrics.ts";

const signal = new AbortController().signal;
/** The most data that one request takes. */
const MOST_DATA = 1000;
const statistics = ["Sum", "SampleCount", "Minimum", "Maximum"] as const;

/** Copies all metrics of the namespaces that the alarms watch, minute by minute. */
export async function writeMetrics(
  to: CloudWatch,
  from: Metrics,
  alarms: readonly Alarm[],
  window: TimeWindow,
): Promise<void> {
  const watched = alarms.flatMap((alarm) => alarm.queries.flatMap(({ metric }) => metric ?? []));
  for (const namespace of new Set(watched.map((metric) => metric.namespace))) {
    const metrics = await from.find({ namespace }, signal);
    const data = await Promise.all(metrics.map((metric) => dataOf(from, metric, window)));
    await put(to, namespace, data.flat());
  }
}

async function put(to: CloudWatch, Namespace: string, data: readonly MetricDatum[]) {
  for (let i = 0; i < data.length; i += MOST_DATA) {
    await to.putMetricData({ Namespace, MetricData: data.slice(i, i + MOST_DATA) });
  }
}

async function dataOf(
  from: Metrics,
  metric: MetricId,
  window: TimeWindow,
): Promise<readonly MetricDatum[]> {
  const query = { ...metric, statistics, window, periodSeconds: 60 };
  const { unit, series } = await from.statistics(query, signal);
  const [sums, counts, minima, maxima] = series.map(({ points }) => points);
  return (sums ?? []).map(({ at, value }, i) => ({
    MetricName: metric.name,
    Dimensions: Object.entries(metric.dimensions).map(([Name, Value]) => ({ Name, Value })),
    Timestamp: at,
    Unit: isUnit(unit) ? unit : "None",
    StatisticValues: {
      Sum: value,
      SampleCount: counts?.[i]?.value,
      Minimum: minima?.[i]?.value,
      Maximum: maxima?.[i]?.value,
    },
  }));
}

function isUnit(unit: string): unit is "Percent" | "Count" | "Seconds" | "Milliseconds" | "Bytes" {
  return ["Percent", "Count", "Seconds", "Milliseconds", "Bytes"].includes(unit);
}
