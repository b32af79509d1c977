import type { Point } from "#domain/metrics/series.ts";
import { MINUTE, shift } from "#domain/window.ts";

export const start = new Date("2026-04-25T12:00:00Z");

/** One point a minute from noon on. */
export function minutely(values: readonly number[]): Point[] {
  return values.map((value, index) => ({ at: shift(start, index * MINUTE), value }));
}

/** Numbers that look random and are the same each time (a linear congruential generator). */
export function noise(count: number, seed: number): number[] {
  let state = seed;
  return Array.from({ length: count }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648 - 0.5;
  });
}
