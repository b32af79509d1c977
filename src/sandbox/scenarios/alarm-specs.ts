import type { MetricId } from "#domain/alarms/alarm.ts";
import type { CompositeAlarmSpec, MetricAlarmSpec } from "#sandbox/signals/source.ts";

type Terms = Pick<MetricAlarmSpec, "name" | "threshold" | "createdAt"> &
  Partial<Omit<MetricAlarmSpec, "kind" | "metric">>;

/** A metric alarm: by default two of three one-minute averages above the threshold. */
export function above(metric: MetricId, terms: Terms): MetricAlarmSpec {
  return {
    kind: "metric",
    metric: { namespace: metric.namespace, name: metric.name, dimensions: metric.dimensions },
    statistic: "Average",
    comparison: "GreaterThanThreshold",
    periodSeconds: 60,
    evaluationPeriods: 3,
    datapointsToAlarm: 2,
    treatMissingData: "missing",
    ...terms,
  };
}

export function anyOf(
  children: readonly { readonly name: string }[],
  terms: Omit<CompositeAlarmSpec, "kind" | "children">,
): CompositeAlarmSpec {
  return { kind: "composite", children: children.map(({ name }) => name), ...terms };
}
