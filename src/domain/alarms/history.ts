import { HOUR, type TimeWindow } from "#domain/window.ts";
import type { Alarm, AlarmEvent, AlarmState } from "./alarm.ts";

/** A stretch of a window in which an alarm stayed in one state. */
export interface StateSpan extends TimeWindow {
  readonly state: AlarmState;
  /** Whether the span began with a change inside the window. */
  readonly entered: boolean;
  /** The state before, when the span began with a change. */
  readonly before?: AlarmState;
  /** Why it changed; untrusted. */
  readonly reason?: string;
}

/** How the alarm spent the window, oldest first. Without changes, it is the state that it is in now. */
export function stateSpans(
  events: readonly AlarmEvent[],
  window: TimeWindow,
  alarm?: Pick<Alarm, "state" | "since" | "stateReason">,
): StateSpan[] {
  const changes = changesWithin(events, window);
  const first = changes[0];
  if (!first) return alarm ? unchanged(alarm, window) : [];
  const opening: StateSpan[] =
    first.before && first.start > window.start
      ? [{ state: first.before, start: window.start, end: first.start, entered: false }]
      : [];
  const spans = changes.map((change, index) => ({
    ...change,
    end: changes[index + 1]?.start ?? window.end,
  }));
  return [...opening, ...spans];
}

type Change = Omit<StateSpan, "end">;

function changesWithin(events: readonly AlarmEvent[], window: TimeWindow): Change[] {
  return events
    .filter(({ at }) => at >= window.start && at < window.end)
    .flatMap((event) => changeOf(event))
    .sort((a, b) => a.start.getTime() - b.start.getTime());
}

function changeOf({ kind, at, from, to, reason }: AlarmEvent): Change[] {
  if (kind !== "state" || to === undefined || from === to) return [];
  const before = from === undefined ? {} : { before: from };
  return [{ state: to, start: at, entered: true, ...before, ...(reason ? { reason } : {}) }];
}

/** A change that the history no longer or not yet holds still shows in `since`. */
function unchanged(
  alarm: Pick<Alarm, "state" | "since" | "stateReason">,
  { start, end }: TimeWindow,
): StateSpan[] {
  const { state, since, stateReason: reason } = alarm;
  if (since >= end) return [];
  return since > start
    ? [{ state, start: since, end, entered: true, reason }]
    : [{ state, start, end, entered: false }];
}

/** Milliseconds spent in the state. */
export function timeIn(spans: readonly StateSpan[], state: AlarmState): number {
  return spans
    .filter((span) => span.state === state)
    .reduce((sum, { start, end }) => sum + end.getTime() - start.getTime(), 0);
}

/** Times at which the alarm began to fire inside the window, oldest first. */
export function firings(spans: readonly StateSpan[]): Date[] {
  return spans.filter((span) => span.entered && span.state === "ALARM").map((span) => span.start);
}

/**
 * How often an alarm must begin to fire within an hour to count as flapping: it then cleared and came back
 * twice, while two firings are one relapse. Our own choice between what AWS's own server takes (two within an
 * hour) and kubernetes-mixin's KubeNodeReadinessFlapping (more than two changes in 15 minutes).
 */
export const FLAPPING_FIRINGS = 3;

/** The hour with the most firings, when they are enough to call it flapping. */
export interface Flapping extends TimeWindow {
  readonly firings: number;
}

export function flapping(times: readonly Date[]): Flapping | undefined {
  const hours = times.map((start) => {
    const within = times.filter((at) => at >= start && at.getTime() - start.getTime() <= HOUR);
    return { start, end: within.at(-1) ?? start, firings: within.length };
  });
  const busiest = hours.reduce<Flapping | undefined>(
    (best, hour) => (hour.firings > (best?.firings ?? 0) ? hour : best),
    undefined,
  );
  return busiest && busiest.firings >= FLAPPING_FIRINGS ? busiest : undefined;
}
