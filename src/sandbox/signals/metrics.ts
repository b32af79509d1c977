import type { MetricId } from "#domain/alarms/alarm.ts";
import type { Point } from "#domain/metrics/series.ts";
import { DAY, MINUTE, type TimeWindow } from "#domain/window.ts";
import { OpsError } from "#errors.ts";
import type { Metrics } from "#ports/metrics.ts";
import type { MetricSource, Samples } from "./source.ts";
import { statisticOf } from "./statistics.ts";

/** CloudWatch keeps one-minute data for 15 days. */
const KEPT_MS = 15 * DAY;
const STATISTIC = /^(Average|Sum|Minimum|Maximum|SampleCount|p\d{1,2}(\.\d{1,10})?|p100)$/;

/** A metric's recorded past, minute by minute. */
export interface Recorded extends MetricId {
  readonly unit: string;
  /** `undefined` when nothing was recorded in the minute that begins then. */
  minute(start: number): Samples | undefined;
}

/** Minutes that were worked out, kept for as long as they hold. */
export interface Memory {
  recorded(source: MetricSource): Recorded;
  /** Forgets what may be different when something was done at `t`. */
  forget(t: number): void;
}

export function minuteMemory(): Memory {
  const known = new Map<string, Map<number, Samples | undefined>>();
  return {
    recorded(source) {
      const key = keyOf(source);
      const minutes = known.get(key) ?? new Map<number, Samples | undefined>();
      known.set(key, minutes);
      return {
        ...source,
        minute(start) {
          if (!minutes.has(start)) minutes.set(start, source.minute(start));
          return minutes.get(start);
        },
      };
    },
    forget(t) {
      for (const minutes of known.values()) {
        for (const start of minutes.keys()) if (start + MINUTE > t) minutes.delete(start);
      }
    },
  };
}

/** The metric's samples of a period: whole minutes that ended by `now`. */
export function samplesIn(
  metric: Recorded,
  period: { readonly start: number; readonly end: number },
  now: number,
): readonly Samples[] {
  const found: Samples[] = [];
  const end = Math.min(period.end, now - MINUTE + 1);
  for (let t = period.start; t < end; t += MINUTE) {
    const samples = metric.minute(t);
    if (samples) found.push(samples);
  }
  return found;
}

export function sameMetric(a: MetricId, b: MetricId): boolean {
  return keyOf(a) === keyOf(b);
}

function keyOf({ namespace, name, dimensions }: MetricId): string {
  return JSON.stringify([namespace, name, Object.entries(dimensions).toSorted()]);
}

export function simulatedMetrics(all: () => readonly Recorded[], now: () => number): Metrics {
  return {
    async statistics(query, signal) {
      signal.throwIfAborted();
      checkStatistics(query.statistics);
      const metric = all().find((one) => sameMetric(one, query));
      const periodMs = Math.max(60, query.periodSeconds) * 1000;
      const buckets = metric ? bucketsOf(metric, query.window, periodMs, now()) : [];
      return {
        unit: metric?.unit ?? "None",
        series: query.statistics.map((statistic) => ({
          statistic,
          points: buckets.flatMap((bucket) => pointOf(statistic, bucket)),
        })),
      };
    },
    async find({ namespace, name }, signal) {
      signal.throwIfAborted();
      return all()
        .filter((one) => one.namespace === namespace && (name === undefined || one.name === name))
        .map((one) => ({ namespace, name: one.name, dimensions: one.dimensions }))
        .slice(0, 500);
    },
  };
}

interface Bucket {
  readonly at: number;
  readonly samples: readonly Samples[];
}

function bucketsOf(
  metric: Recorded,
  window: TimeWindow,
  periodMs: number,
  now: number,
): readonly Bucket[] {
  const oldest = Math.max(window.start.getTime(), now - KEPT_MS);
  const newest = Math.min(window.end.getTime(), now);
  const buckets: Bucket[] = [];
  for (let at = Math.floor(oldest / periodMs) * periodMs; at < newest; at += periodMs) {
    const samples = samplesIn(metric, { start: at, end: at + periodMs }, now);
    if (samples.length > 0) buckets.push({ at, samples });
  }
  return buckets;
}

function pointOf(statistic: string, { at, samples }: Bucket): readonly Point[] {
  const value = statisticOf(statistic, samples);
  return value === undefined ? [] : [{ at: new Date(at), value }];
}

function checkStatistics(names: readonly string[]): void {
  const unknown = names.find((name) => !STATISTIC.test(name));
  if (unknown === undefined) return;
  throw new OpsError(
    "invalid_input",
    `${JSON.stringify(unknown)} is no statistic.`,
    "Use Average, Sum, Minimum, Maximum, SampleCount, or a percentile such as p99.",
  );
}
