import type { Alarm, AlarmEvent } from "#domain/alarms/alarm.ts";
import type { AlarmFilter, Alarms } from "#ports/alarms.ts";
import type { AlarmCourse, Transition } from "./alarm-course.ts";
import type { AlarmSpec, Signals } from "./source.ts";

export interface Place {
  readonly region: string;
  readonly account: string;
}

export function simulatedAlarms(
  world: { signals(): Signals; courses(): readonly AlarmCourse[]; now(): number },
  place: Place,
): Alarms {
  return {
    async list(filter, signal) {
      signal.throwIfAborted();
      const all = world.courses().map((course) => alarmAt(course, world.now(), place));
      return all.filter((alarm) => wanted(alarm, filter)).toSorted(byName);
    },
    async history(name, window, signal) {
      signal.throwIfAborted();
      const course = world.courses().find(({ spec }) => spec.name === name);
      const events = course ? eventsOf(course, world.now(), place) : [];
      return events.filter(({ at }) => at >= window.start && at < window.end);
    },
    async mutes(signal) {
      signal.throwIfAborted();
      const now = new Date(world.now());
      return world
        .signals()
        .mutes.map((rule) => ({ ...rule, active: rule.active && (rule.until ?? now) >= now }));
    },
    consoleUrl: (alarm) =>
      `https://${place.region}.console.aws.amazon.com/cloudwatch/home?region=${place.region}` +
      `#alarmsV2:alarm/${encodeURIComponent(alarm)}`,
  };
}

function wanted(alarm: Alarm, filter: AlarmFilter): boolean {
  if (filter.names) return filter.names.includes(alarm.name);
  return (
    (filter.states?.includes(alarm.state) ?? true) &&
    (filter.kinds?.includes(alarm.kind) ?? true) &&
    alarm.name.startsWith(filter.namePrefix ?? "")
  );
}

function byName(a: Alarm, b: Alarm): number {
  return a.name < b.name ? -1 : 1;
}

function alarmAt(course: AlarmCourse, now: number, place: Place): Alarm {
  const { spec } = course;
  const last = course.until(now).at(-1);
  return {
    name: spec.name,
    arn: `arn:aws:cloudwatch:${place.region}:${place.account}:alarm:${spec.name}`,
    kind: spec.kind,
    state: (last ?? course.first).state,
    stateReason: (last ?? course.first).reason(),
    since: new Date(last?.at ?? spec.createdAt),
    ...(spec.description === undefined ? {} : { description: spec.description }),
    actionsEnabled: spec.actionsEnabled ?? true,
    queries: [],
    ...detail(spec),
  };
}

function detail(spec: AlarmSpec): Partial<Alarm> {
  switch (spec.kind) {
    case "composite":
      return {
        rule: spec.children.map((child) => `ALARM("${child}")`).join(" OR "),
        ...(spec.suppressedBy === undefined ? {} : { suppressedBy: spec.suppressedBy }),
      };
    case "log":
      return { ...test(spec), logQuery: spec.query, logGroups: spec.groups };
    case "metric": {
      const { metric, statistic, periodSeconds } = spec;
      const query = { id: "m1", metric, statistic, periodSeconds, evaluated: true };
      return { ...test(spec), queries: [query] };
    }
  }
}

function test(spec: Exclude<AlarmSpec, { kind: "composite" }>): Partial<Alarm> {
  const { threshold, comparison, evaluationPeriods, datapointsToAlarm, treatMissingData } = spec;
  return { threshold, comparison, evaluationPeriods, datapointsToAlarm, treatMissingData };
}

/** Newest first. */
function eventsOf(course: AlarmCourse, now: number, place: Place): readonly AlarmEvent[] {
  const { spec } = course;
  const events = [
    configuration(spec.createdAt, `Alarm "${spec.name}" created`),
    ...(spec.updatedAt === undefined
      ? []
      : [configuration(spec.updatedAt, `Alarm "${spec.name}" updated`)]),
    ...course.until(now).flatMap((change) => changeEvents(change, spec, place)),
  ];
  return events.toSorted((a, b) => b.at.getTime() - a.at.getTime());
}

function configuration(at: number, summary: string): AlarmEvent {
  return { at: new Date(at), kind: "configuration", summary };
}

function changeEvents(change: Transition, spec: AlarmSpec, place: Place): readonly AlarmEvent[] {
  const { from, state: to } = change;
  const reason = change.reason();
  const at = new Date(change.at);
  const summary = `Alarm updated from ${from} to ${to}`;
  const moved: AlarmEvent = { at, kind: "state", summary, from, to, reason };
  if (to !== "ALARM" || spec.actionsEnabled === false) return [moved];
  const topic = `arn:aws:sns:${place.region}:${place.account}:on-call`;
  return [{ at, kind: "action", summary: `Successfully executed action ${topic}` }, moved];
}
