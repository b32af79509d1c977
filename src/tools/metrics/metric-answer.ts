import * as z from "zod";
import type { Gaps } from "#domain/metrics/gaps.ts";
import type { Row } from "#domain/metrics/rows.ts";
import type { Summary } from "#domain/metrics/summary.ts";
import { isoSeconds } from "#domain/text/time.ts";
import { windowShape, windowText } from "#tools/time-fields.ts";

const MAX_STRETCHES = 5;

const summaryShape = z.object({
  statistic: z.string(),
  points: z.int(),
  min: z.number(),
  median: z.number(),
  p95: z.number(),
  max: z.number(),
  max_at: z.string(),
  last: z.number(),
  baseline: z
    .object({
      median: z.number(),
      max: z.number(),
      difference: z.number(),
      ratio: z.number().optional(),
    })
    .optional(),
  changed: z.object({ at: z.string(), before: z.number(), after: z.number() }).optional(),
});
export type StatisticRow = z.output<typeof summaryShape>;

export const metricAnswer = z.object({
  namespace: z.string(),
  metric_name: z.string(),
  dimensions: z.record(z.string(), z.string()),
  unit: z.string(),
  window: windowShape,
  period_seconds: z.int(),
  baseline_window: windowShape.optional(),
  statistics: z.array(summaryShape),
  last_at: z.string().optional(),
  gaps: z.object({
    published_every_seconds: z.number(),
    missing_points: z.int(),
    stretches: z.array(windowShape),
    stretches_left_out: z.int(),
  }),
  /** One row per time, values in the order of `statistics`; null where one has none. */
  series: z.array(z.object({ at: z.string(), values: z.array(z.number().nullable()) })),
  points_left_out: z.int(),
  similar: z.array(
    z.object({
      metric_name: z.string(),
      dimensions: z.record(z.string(), z.string()),
      differs: z.string(),
    }),
  ),
  next: z.string(),
});
export type MetricResult = z.output<typeof metricAnswer>;

export function statisticRow(statistic: string, summary: Summary): StatisticRow {
  const { points, min, median, p95, max, maxAt, last, baseline, changed } = summary;
  return {
    statistic,
    points,
    min,
    median,
    p95,
    max,
    max_at: isoSeconds(maxAt),
    last,
    baseline,
    changed: changed && { ...changed, at: isoSeconds(changed.at) },
  };
}

export function gapsRow(found: Gaps): MetricResult["gaps"] {
  const stretches = found.stretches.map(windowText);
  return {
    published_every_seconds: found.intervalSeconds,
    missing_points: found.missing,
    stretches: stretches.slice(-MAX_STRETCHES),
    stretches_left_out: Math.max(0, stretches.length - MAX_STRETCHES),
  };
}

export function seriesRow({ at, values }: Row): MetricResult["series"][number] {
  return { at: isoSeconds(at), values: values.map((value) => value ?? null) };
}
