import { MINUTE, SECOND, shift, type TimeWindow } from "#domain/window.ts";
import type { Alarm } from "./alarm.ts";
import type { StateSpan } from "./history.ts";
import { periodSeconds } from "./watches.ts";

/** A window worth reading metrics and logs in. */
export interface Look extends TimeWindow {
  readonly label: "before" | "at" | "after";
  readonly why: string;
}

/** Shorter windows hold too few points to compare. */
const SHORTEST = 10 * MINUTE;

/**
 * Around the newest firing: how it was before, the change itself, and what came after. An alarm fires only
 * after its whole evaluation span was bad, so the change is looked for from two spans before.
 */
export function windowsWorthLooking(
  spans: readonly StateSpan[],
  alarm: Alarm | undefined,
  now: Date,
): Look[] {
  const firing = spans.findLast((span) => span.state === "ALARM" && span.entered);
  if (!firing) return [];
  const reach = 2 * evaluationSpan(alarm);
  const onset = shift(firing.start, -reach);
  const length = Math.max(SHORTEST, 2 * reach);
  const settled = earlier(shift(firing.start, Math.max(SHORTEST, reach)), now);
  const looks: Look[] = [
    { label: "before", ...beforehand(spans, onset, length) },
    { label: "at", start: onset, end: settled, why: "the change should be in here" },
  ];
  const ongoing = firing === spans.at(-1);
  const after = ongoing ? stillFiring(firing, settled) : recovery(firing, length, now);
  return after ? [...looks, after] : looks;
}

/** How long a metric must be bad before the alarm fires, in milliseconds; a minute at least. */
function evaluationSpan(alarm: Alarm | undefined): number {
  const period = (alarm && periodSeconds(alarm)) ?? 60;
  return Math.max(MINUTE, period * (alarm?.evaluationPeriods ?? 1) * SECOND);
}

function beforehand(spans: readonly StateSpan[], end: Date, length: number) {
  const start = shift(end, -length);
  const fired = spans.some(
    (span) => span.state === "ALARM" && span.start < end && span.end > start,
  );
  return {
    start,
    end,
    why: fired ? "before, but it fired in part of it too" : "how it is when well",
  };
}

function stillFiring({ end }: StateSpan, start: Date): Look | undefined {
  return start < end ? { label: "after", start, end, why: "still firing" } : undefined;
}

function recovery(firing: StateSpan, length: number, now: Date): Look {
  const end = earlier(shift(firing.end, length), now);
  return { label: "after", start: firing.end, end, why: "it stopped firing: did it recover?" };
}

function earlier(a: Date, b: Date): Date {
  return a < b ? a : b;
}
