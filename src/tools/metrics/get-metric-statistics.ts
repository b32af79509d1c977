import * as z from "zod";
import type { MetricId } from "#domain/alarms/alarm.ts";
import { gaps } from "#domain/metrics/gaps.ts";
import {
  baselineWindow,
  checkPeriod,
  choosePeriod,
  KEPT_DAYS,
  MAX_POINTS,
  suits,
} from "#domain/metrics/period.ts";
import { rows, thinned } from "#domain/metrics/rows.ts";
import type { Series } from "#domain/metrics/series.ts";
import { similarMetrics } from "#domain/metrics/similar.ts";
import { isStatistic, statisticHint } from "#domain/metrics/statistics.ts";
import { summarise } from "#domain/metrics/summary.ts";
import { isoSeconds } from "#domain/text/time.ts";
import { resolveWindow } from "#domain/text/window.ts";
import { DAY, shift, type TimeWindow } from "#domain/window.ts";
import { OpsError } from "#errors.ts";
import type { MetricQuery, Metrics } from "#ports/metrics.ts";
import { defineQuery } from "#tools/define.ts";
import { dimensionsField } from "#tools/dimensions-field.ts";
import { intField, listField, textField } from "#tools/fields.ts";
import { endTime, startTime, windowText } from "#tools/time-fields.ts";
import { gapsRow, metricAnswer, seriesRow, statisticRow } from "./metric-answer.ts";
import { renderMetric } from "./metric-text.ts";

/** Points that show the shape of a series for a few hundred tokens. */
const SHOWN_POINTS = 30;

const statistic = z.string().refine(isStatistic, { error: statisticHint });

const input = z.strictObject({
  namespace: textField(255).describe("Such as AWS/Lambda."),
  metric_name: textField(255).describe("Exact name."),
  dimensions: dimensionsField.default({}).describe("All of the metric's dimensions."),
  statistics: listField(statistic, 5)
    .default(["Average", "Sum", "Maximum"])
    .describe("Also p99 and the like."),
  period_minutes: intField(1, KEPT_DAYS * 1440)
    .default(30)
    .describe("Look-back, if no start_time."),
  start_time: startTime,
  end_time: endTime,
  period_seconds: intField(1, 86_400).optional().describe("Resolution; chosen to fit."),
  all_points: z.boolean().default(false).describe("Every point, not 30."),
});
type Input = z.output<typeof input>;

export const getMetricStatistics = defineQuery({
  name: "get_metric_statistics",
  title: "Get metric statistics",
  description:
    "Summarises one CloudWatch metric: range, comparison with the window before, when its level changed, gaps, short series. Suggests metrics if none match.",
  needs: ["metrics", "clock"],
  place: "region",
  input,
  output: metricAnswer,
  async run(asked, { metrics, clock }, { signal }) {
    const now = clock.now();
    const window = windowOf(asked, now);
    const before = baselineWindow(window);
    const periodSeconds = periodOf(asked, window, now);
    const { namespace, metric_name, dimensions } = asked;
    const metric = { namespace, name: metric_name, dimensions };
    const query = { ...metric, statistics: [...new Set(asked.statistics)], window, periodSeconds };
    const compared = suits(periodSeconds, before, now);
    const [found, baseline] = await Promise.all([
      metrics.statistics(query, signal),
      compared ? metrics.statistics({ ...query, window: before }, signal) : undefined,
    ]);
    const frame = {
      namespace,
      metric_name,
      dimensions,
      unit: found.unit,
      window: windowText(window),
      period_seconds: periodSeconds,
      baseline_window: compared ? windowText(before) : undefined,
    };
    const series = found.series.filter(({ points }) => points.length > 0);
    return series.length === 0
      ? { ...frame, ...(await nothing(metric, metrics, signal)) }
      : { ...frame, ...summary(series, baseline?.series ?? [], query, asked.all_points) };
  },
  render: renderMetric,
});

function windowOf(asked: Input, now: Date): TimeWindow {
  const { start_time: start, end_time: end, period_minutes: minutes } = asked;
  const window = resolveWindow({ start, end, minutes }, now, KEPT_DAYS);
  if (window.start >= shift(now, -KEPT_DAYS * DAY)) return window;
  throw new OpsError(
    "invalid_input",
    `CloudWatch keeps metrics for ${KEPT_DAYS} days; ${isoSeconds(window.start)} is earlier.`,
    `Give a start_time after ${isoSeconds(shift(now, -KEPT_DAYS * DAY))}.`,
  );
}

/** Chosen so that the baseline can be read at the same resolution; a period asked for need only suit the window. */
function periodOf({ period_seconds }: Input, window: TimeWindow, now: Date): number {
  if (period_seconds !== undefined) return checkPeriod(period_seconds, window, now);
  const finest = choosePeriod(window, now);
  const comparable = choosePeriod(baselineWindow(window), now);
  return suits(comparable, window, now) ? comparable : finest;
}

function summary(
  series: readonly Series[],
  before: readonly Series[],
  { window, periodSeconds }: MetricQuery,
  allPoints: boolean,
) {
  const all = rows(series);
  const shown = thinned(all, allPoints ? MAX_POINTS : SHOWN_POINTS);
  return {
    statistics: series.flatMap(({ statistic, points }) => {
      const earlier = before.find((other) => other.statistic === statistic);
      const found = summarise(points, earlier?.points ?? []);
      return found ? [statisticRow(statistic, found)] : [];
    }),
    gaps: gapsRow(gaps(series[0]?.points ?? [], window, periodSeconds)),
    series: shown.map(seriesRow),
    points_left_out: all.length - shown.length,
    similar: [],
    next: "fetch_log_events around the change; kubectl_get and helm_history for what changed then.",
  };
}

async function nothing(metric: MetricId, metrics: Metrics, signal: AbortSignal) {
  const { namespace, name } = metric;
  const named = await metrics.find({ namespace, name }, signal);
  const known = named.length > 0 ? named : await metrics.find({ namespace }, signal);
  const similar = similarMetrics(metric, known);
  return {
    statistics: [],
    gaps: { published_every_seconds: 0, missing_points: 0, stretches: [], stretches_left_out: 0 },
    series: [],
    points_left_out: 0,
    similar: similar.map(({ metric: { name, dimensions }, differs }) => ({
      metric_name: name,
      dimensions,
      differs,
    })),
    next: nextText(namespace, known.length, similar[0]?.differs),
  };
}

function nextText(namespace: string, known: number, differs: string | undefined): string {
  if (known === 0) {
    return `namespace ${namespace} has no metrics with data in the last two weeks: check its spelling (case counts) and the region.`;
  }
  return differs === ""
    ? "the metric exists but has no points here: widen the window (period_minutes 1440); some metrics come once a day."
    : "name and all dimensions must be exactly those of one of its metrics.";
}
