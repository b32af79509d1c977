import { DAY, HOUR, SECOND, shift, type TimeWindow } from "#domain/window.ts";
import { OpsError } from "#errors.ts";

/** Most points of one series in one request. */
export const MAX_POINTS = 1440;

/** What CloudWatch keeps longest. */
export const KEPT_DAYS = 455;

/** How fine the kept data is, by the age of the oldest point asked for. */
const KEPT = [
  { age: 63 * DAY, multiple: 3600 },
  { age: 15 * DAY, multiple: 300 },
  { age: 3 * HOUR, multiple: 60 },
] as const;

/** Periods below a minute that CloudWatch knows. */
const SUBMINUTE = [1, 5, 10, 20, 30];
const CHOICES = [60, 300, 900, 3600, 21_600, 86_400];

/** So many points show a shape and a change; more say little and cost much. */
const ENOUGH_POINTS = 300;

/** The finest usual period that the window's age and length allow. */
export function choosePeriod(window: TimeWindow, now: Date): number {
  return (
    CHOICES.find(
      (period) => suits(period, window, now) && points(period, window) <= ENOUGH_POINTS,
    ) ?? DAY / SECOND
  );
}

/** The period asked for. Throws `invalid_input`, naming one that works, when it cannot. */
export function checkPeriod(period: number, window: TimeWindow, now: Date): number {
  const problem = fault(period, window, now);
  if (problem === undefined) return period;
  throw new OpsError(
    "invalid_input",
    `period_seconds ${period} cannot work: ${problem}.`,
    `Give period_seconds ${choosePeriod(window, now)}, or leave it out.`,
  );
}

/** Whether data of this resolution is kept as far back as the window begins. */
export function suits(period: number, window: TimeWindow, now: Date): boolean {
  return fault(period, window, now) === undefined;
}

function fault(period: number, window: TimeWindow, now: Date): string | undefined {
  if (!isPeriod(period)) return `a period is 1, 5, 10, 20, 30 or a multiple of 60 seconds`;
  if (points(period, window) > MAX_POINTS) {
    return `the window would hold ${points(period, window)} points, over the limit of ${MAX_POINTS}`;
  }
  const age = now.getTime() - window.start.getTime();
  const kept = KEPT.find((step) => age > step.age);
  return kept && period % kept.multiple !== 0
    ? `data as old as ${window.start.toISOString()} is kept in multiples of ${kept.multiple} seconds`
    : undefined;
}

function isPeriod(seconds: number): boolean {
  return SUBMINUTE.includes(seconds) || (seconds >= 60 && seconds % 60 === 0);
}

/** How many periods the window spans. */
export function points(period: number, { start, end }: TimeWindow): number {
  return Math.ceil((end.getTime() - start.getTime()) / (period * SECOND));
}

/** The window of equal length right before. */
export function baselineWindow({ start, end }: TimeWindow): TimeWindow {
  return { start: shift(start, start.getTime() - end.getTime()), end: start };
}
