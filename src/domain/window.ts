/** A span of time: `start` inclusive, `end` exclusive. */
export interface TimeWindow {
  readonly start: Date;
  readonly end: Date;
}

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** The window of `minutes` that ends at `end`. */
export function trailing(end: Date, minutes: number): TimeWindow {
  return { start: new Date(end.getTime() - minutes * MINUTE), end };
}

/** `at` moved by so many milliseconds. */
export function shift(at: Date, milliseconds: number): Date {
  return new Date(at.getTime() + milliseconds);
}
