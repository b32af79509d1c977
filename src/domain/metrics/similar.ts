import type { MetricId } from "#domain/alarms/alarm.ts";
import { likeness } from "#domain/text/closest.ts";

/** A metric that exists, and how it differs from the one that was asked for. */
export interface SimilarMetric {
  readonly metric: MetricId;
  readonly differs: string;
}

/** The metrics most like the one that matched nothing, best first. One that differs in nothing has no data then. */
export function similarMetrics(
  wanted: MetricId,
  known: readonly MetricId[],
  most = 5,
): SimilarMetric[] {
  return known
    .map((metric) => ({ metric, score: score(wanted, metric) }))
    .filter(({ score }) => score > 0.4)
    .sort((a, b) => b.score - a.score)
    .slice(0, most)
    .map(({ metric }) => ({ metric, differs: differences(wanted, metric).join(", ") }));
}

function score(wanted: MetricId, metric: MetricId): number {
  const names = likeness(wanted.name, metric.name);
  return names - differences(wanted, metric).length / 100 + closeness(wanted, metric) / 200;
}

/** How alike the values of the dimensions are that both have. */
function closeness(wanted: MetricId, metric: MetricId): number {
  return Object.entries(wanted.dimensions).reduce(
    (sum, [name, value]) => sum + likeness(value, metric.dimensions[name] ?? ""),
    0,
  );
}

function differences(wanted: MetricId, metric: MetricId): string[] {
  const name = wanted.name === metric.name ? [] : [`name ${metric.name}`];
  const asked = Object.entries(wanted.dimensions).flatMap(([key, value]) => {
    const other = metric.dimensions[key];
    if (other === undefined) return [`no dimension ${key}`];
    return other === value ? [] : [`${key}=${other}`];
  });
  const extra = Object.entries(metric.dimensions)
    .filter(([key]) => wanted.dimensions[key] === undefined)
    .map(([key, value]) => `also ${key}=${value}`);
  return [...name, ...asked, ...extra];
}
