import { mean, sumNthPowerDeviations } from "simple-statistics";
import type { Point } from "./series.ts";

/** The one moment at which the level of a series changed most. */
export interface ChangePoint {
  /** First point of the new level. */
  readonly at: Date;
  /** Mean before and from then on. */
  readonly before: number;
  readonly after: number;
}

/** Fewer points say nothing about a level. */
const MIN_POINTS = 8;
const MIN_SEGMENT = 3;
/**
 * Bonferroni over up to 600 splits at a false-alarm rate of 1 % asks for 4.2; a little more, because
 * real series have heavier tails than the normal distribution.
 */
const MIN_T = 4.5;
/** A level that moved by less than the usual scatter is not worth a responder's look (Cohen's large is 0.8). */
const MIN_EFFECT = 1;

/**
 * At most one change in mean: the split that maximises Student's t (Sen and Srivastava, 1975), corrected for
 * points that resemble their neighbours (lag-one autocorrelation of what remains). The variance is pooled: a
 * few points that happen to be alike would make a change of nothing by themselves. `undefined` when nothing
 * stands out.
 */
export function changePoint(points: readonly Point[]): ChangePoint | undefined {
  const values = points.map(({ value }) => value);
  if (values.length < MIN_POINTS) return undefined;
  const best = splits(values).reduce((a, b) => (b.t > a.t ? b : a));
  const at = points[best.index]?.at;
  const clear = best.t * correction(values, best) >= MIN_T && best.effect >= MIN_EFFECT;
  return at && clear ? { at, before: best.before, after: best.after } : undefined;
}

interface Split {
  /** Where the second part begins. */
  readonly index: number;
  readonly before: number;
  readonly after: number;
  readonly t: number;
  /** Difference in units of the pooled deviation. */
  readonly effect: number;
}

function splits(values: readonly number[]): Split[] {
  const count = values.length - 2 * MIN_SEGMENT + 1;
  return Array.from({ length: count }, (_, index) => splitAt(values, MIN_SEGMENT + index));
}

function splitAt(values: readonly number[], index: number): Split {
  const [left, right] = [values.slice(0, index), values.slice(index)];
  const [before, after] = [mean(left), mean(right)];
  const squares = sumNthPowerDeviations(left, 2) + sumNthPowerDeviations(right, 2);
  const deviation = Math.sqrt(squares / (values.length - 2));
  const difference = Math.abs(after - before);
  const t = ratio(difference, deviation * Math.sqrt(1 / left.length + 1 / right.length));
  return { index, before, after, t, effect: ratio(difference, deviation) };
}

/** Of a difference without any scatter the ratio is as large as can be; of none at all it is 0. */
function ratio(difference: number, scatter: number): number {
  if (difference === 0) return 0;
  return scatter === 0 ? Number.MAX_VALUE : difference / scatter;
}

/** Points that follow their neighbours count for less than independent ones. */
function correction(values: readonly number[], split: Split): number {
  const rest = values.map((value, i) => value - (i < split.index ? split.before : split.after));
  const power = rest.reduce((sum, value) => sum + value * value, 0);
  const lagged = rest.reduce((sum, value, i) => sum + value * (rest[i - 1] ?? 0), 0);
  const likeness = power === 0 ? 0 : Math.min(0.9, Math.max(0, lagged / power));
  return Math.sqrt((1 - likeness) / (1 + likeness));
}
