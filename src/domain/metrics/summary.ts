import { max, median, min, quantile } from "simple-statistics";
import { type ChangePoint, changePoint } from "./change-point.ts";
import type { Point } from "./series.ts";

/** A series in a few numbers. Values are rounded to six significant digits. */
export interface Summary {
  readonly points: number;
  readonly min: number;
  readonly median: number;
  readonly p95: number;
  readonly max: number;
  readonly maxAt: Date;
  readonly last: number;
  readonly lastAt: Date;
  readonly baseline?: Baseline;
  /** When the level changed, looked for in baseline and window together. */
  readonly changed?: ChangePoint;
}

/** The window before, of equal length, and how the medians compare. */
export interface Baseline {
  readonly points: number;
  readonly median: number;
  readonly max: number;
  readonly difference: number;
  /** Median of the window over median of the baseline; absent when that is 0. */
  readonly ratio?: number;
}

/** `undefined` without points. */
export function summarise(points: readonly Point[], before: readonly Point[]): Summary | undefined {
  const last = points.at(-1);
  if (!last) return undefined;
  const values = points.map(({ value }) => value);
  const highest = points.reduce((a, b) => (b.value > a.value ? b : a), last);
  const baseline = compare(values, before);
  const changed = changePoint([...before, ...points]);
  return {
    points: points.length,
    min: significant(min(values)),
    median: significant(median(values)),
    p95: significant(quantile(values, 0.95)),
    max: significant(max(values)),
    maxAt: highest.at,
    last: significant(last.value),
    lastAt: last.at,
    ...(baseline ? { baseline } : {}),
    ...(changed ? { changed: rounded(changed) } : {}),
  };
}

function compare(values: number[], before: readonly Point[]): Baseline | undefined {
  if (before.length === 0) return undefined;
  const old = before.map(({ value }) => value);
  const [now, then] = [median(values), median(old)];
  return {
    points: old.length,
    median: significant(then),
    max: significant(max(old)),
    difference: significant(now - then),
    ...(then === 0 ? {} : { ratio: significant(now / then, 3) }),
  };
}

function rounded({ at, before, after }: ChangePoint): ChangePoint {
  return { at, before: significant(before), after: significant(after) };
}

/** The number at so many significant digits; whole numbers stay as they are. */
export function significant(value: number, digits = 6): number {
  return Number.isInteger(value) ? value : Number(value.toPrecision(digits));
}
