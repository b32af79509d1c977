import type { MetricId } from "#domain/alarms/alarm.ts";
import type { Series } from "#domain/metrics/series.ts";
import type { TimeWindow } from "#domain/window.ts";

export interface MetricQuery extends MetricId {
  /** Average, Sum, Minimum, Maximum, SampleCount, or a percentile such as p99. */
  readonly statistics: readonly string[];
  readonly window: TimeWindow;
  readonly periodSeconds: number;
}

export interface MetricAnswer {
  readonly unit: string;
  /** One series per statistic asked for, in that order; without points when nothing was recorded. */
  readonly series: readonly Series[];
}

/** Metrics of one region. */
export interface Metrics {
  /** An unknown metric is an empty answer, not an error. */
  statistics(query: MetricQuery, signal: AbortSignal): Promise<MetricAnswer>;
  /** Metrics of a namespace, to help with a name or dimensions that matched nothing; at most 500. */
  find(
    filter: { readonly namespace: string; readonly name?: string },
    signal: AbortSignal,
  ): Promise<readonly MetricId[]>;
}
