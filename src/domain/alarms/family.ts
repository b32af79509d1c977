import { HOUR } from "#domain/window.ts";
import type { Alarm } from "./alarm.ts";
import { childNames } from "./rule.ts";
import { metricsOf } from "./watches.ts";

/** Alarms by name, of one region. */
export type AlarmIndex = ReadonlyMap<string, Alarm>;

export function indexed(alarms: Iterable<Alarm>): Map<string, Alarm> {
  return new Map([...alarms].map((alarm) => [alarm.name, alarm]));
}

/** Names that the composite alarms refer to and that are not known yet. */
export function unknownChildren(known: AlarmIndex): string[] {
  const names = [...known.values()].flatMap((alarm) => childNames(alarm.rule ?? ""));
  return [...new Set(names)].filter((name) => !known.has(name));
}

/** The alarms right under a composite alarm, as far as they are known. */
export function children(alarm: Alarm, known: AlarmIndex): Alarm[] {
  return childNames(alarm.rule ?? "").flatMap((name) => known.get(name) ?? []);
}

/** The alarms at the bottom of a composite alarm; of another alarm, itself. Rules that go in circles end. */
export function leaves(alarm: Alarm, known: AlarmIndex, seen = new Set<string>()): Alarm[] {
  if (seen.has(alarm.name)) return [];
  seen.add(alarm.name);
  if (alarm.kind !== "composite") return [alarm];
  return children(alarm, known).flatMap((child) => leaves(child, known, seen));
}

/** Whether the alarm reads a metric of the namespace; a composite alarm does when an alarm under it does. */
export function inNamespace(alarm: Alarm, namespace: string, known: AlarmIndex): boolean {
  return leaves(alarm, known).some((leaf) =>
    metricsOf(leaf).some((metric) => metric.namespace === namespace),
  );
}

const ORDER = { ALARM: 0, INSUFFICIENT_DATA: 1, OK: 2 } as const;

/** What began earlier than this belongs to no incident of now; an on-call shift has seen it. */
const STANDING = 6 * HOUR;

/**
 * What fires comes first. Of what began in the last six hours, the first to change is first, being nearest to
 * the cause; what has stood for longer follows, the newest first.
 */
export function mostUrgentFirst(alarms: readonly Alarm[], now: Date): Alarm[] {
  const stands = ({ since }: Alarm) => now.getTime() - since.getTime() > STANDING;
  return [...alarms].sort(
    (a, b) =>
      ORDER[a.state] - ORDER[b.state] ||
      Number(stands(a)) - Number(stands(b)) ||
      (a.since.getTime() - b.since.getTime()) * (stands(a) ? -1 : 1) ||
      (a.name < b.name ? -1 : 1),
  );
}
