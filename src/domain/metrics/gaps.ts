import { MINUTE, SECOND, type TimeWindow } from "#domain/window.ts";
import type { Point } from "./series.ts";

/** Where a series has no data. A gap is not a zero. */
export interface Gaps {
  /** The usual distance between points: how often the metric is published at this resolution. */
  readonly intervalSeconds: number;
  /** Points that are missing in the stretches, by the usual distance. */
  readonly missing: number;
  /** Stretches without data, oldest first. */
  readonly stretches: readonly TimeWindow[];
}

/** Newer data may still be on its way. */
const LATENESS = 3 * MINUTE;

export function gaps(points: readonly Point[], window: TimeWindow, periodSeconds: number): Gaps {
  const times = points.map(({ at }) => at.getTime());
  const interval = Math.max(periodSeconds * SECOND, usualDistance(times));
  const until = window.end.getTime() - LATENESS;
  const edges = [
    window.start.getTime() - interval,
    ...times,
    Math.max(until, times.at(-1) ?? until),
  ];
  const found = edges.slice(1).flatMap((end, index) => between(edges[index] ?? end, end, interval));
  return {
    intervalSeconds: interval / SECOND,
    missing: found.reduce((sum, gap) => sum + gap.missing, 0),
    stretches: found.map(({ start, end }) => ({ start, end })),
  };
}

interface Gap extends TimeWindow {
  readonly missing: number;
}

/** Half an interval of play: backends align points to their own clock. */
function between(from: number, to: number, interval: number): Gap[] {
  const missing = Math.round((to - from) / interval) - 1;
  if (missing < 1 || to - from <= 1.5 * interval) return [];
  return [{ start: new Date(from + interval), end: new Date(to), missing }];
}

/** The distance between neighbours that is seen most, the shorter of equals. */
function usualDistance(times: readonly number[]): number {
  const seen = new Map<number, number>();
  for (const [index, time] of times.slice(1).entries()) {
    const distance = time - (times[index] ?? time);
    seen.set(distance, (seen.get(distance) ?? 0) + 1);
  }
  const ranked = [...seen].sort(([a, times], [b, others]) => others - times || a - b);
  return ranked[0]?.[0] ?? 0;
}
