import { DAY, MINUTE, shift, type TimeWindow } from "#domain/window.ts";
import { OpsError } from "#errors.ts";
import { isoSeconds, resolveTime } from "./time.ts";

/** Clocks differ by a little; an end that is ahead by less than this means now. */
const SKEW = 5 * MINUTE;

/** A window as a person gives it: without a start, so many minutes up to its end. */
export interface AskedWindow {
  readonly start: string | undefined;
  readonly end: string;
  readonly minutes: number;
}

/** The window asked for, at most `maxDays` long. Throws `invalid_input`. */
export function resolveWindow(asked: AskedWindow, now: Date, maxDays: number): TimeWindow {
  const end = noLaterThan(resolveTime(asked.end, now), now);
  const start =
    asked.start === undefined ? shift(end, -asked.minutes * MINUTE) : resolveTime(asked.start, now);
  if (start >= end) {
    throw new OpsError(
      "invalid_input",
      `The window would begin at ${isoSeconds(start)}, which is not before its end, ${isoSeconds(end)}.`,
      `Give a start_time before end_time; now is ${isoSeconds(now)}.`,
    );
  }
  if (end.getTime() - start.getTime() > maxDays * DAY) {
    throw new OpsError(
      "invalid_input",
      `The window is longer than ${maxDays} days.`,
      `Give a start_time within ${maxDays} days of end_time.`,
    );
  }
  return { start, end };
}

function noLaterThan(end: Date, now: Date): Date {
  if (end.getTime() > now.getTime() + SKEW) {
    throw new OpsError(
      "invalid_input",
      `end_time ${isoSeconds(end)} is in the future.`,
      `Leave end_time out, or give one up to now, ${isoSeconds(now)}.`,
    );
  }
  return end > now ? now : end;
}
