import type { Alarm } from "./answers.ts";

/** Alarms that began within this of the first one show the same fault. */
const TOGETHER_MS = 3 * 60_000;

/**
 * The alarm to begin with: one that nobody muted, then one with a metric, then a child of a composite alarm, then the
 * first to fire, then one whose dimensions say what it is about.
 */
export function primaryAlarm(alarms: readonly Alarm[]): Alarm | undefined {
  const children = new Set(alarms.flatMap(({ children }) => children?.in_alarm ?? []));
  const rank = (alarm: Alarm) => [
    alarm.muted === undefined ? 0 : 1,
    alarm.metric === undefined ? 1 : 0,
    children.size === 0 || children.has(alarm.name) ? 0 : 1,
    Date.parse(alarm.since),
    Object.keys(alarm.metric?.dimensions ?? {}).length > 0 ? 0 : 1,
  ];
  return alarms.toSorted((a, b) => compare(rank(a), rank(b)))[0];
}

function compare(a: readonly number[], b: readonly number[]): number {
  const difference = a.map((value, i) => value - (b[i] ?? 0)).find((each) => each !== 0);
  return difference ?? 0;
}

/** Log groups of the alarm and of those that began with it; groups that are known for certain first. */
export function logGroupsOf(primary: Alarm, alarms: readonly Alarm[]): readonly string[] {
  const began = Date.parse(primary.since);
  const together = alarms.filter(({ since }) => Math.abs(Date.parse(since) - began) <= TOGETHER_MS);
  const groups = [primary, ...together].flatMap(({ log_groups }) => log_groups);
  const certain = groups.toSorted((a, b) => guessed(a) - guessed(b));
  return [...new Set(certain.map(({ name }) => name))];
}

function guessed({ known_by }: Alarm["log_groups"][number]): number {
  return known_by.includes("guess") ? 1 : 0;
}
