import type { Fixture, Stage } from "#sandbox/scenario.ts";
import type { AlarmSpec, LogSource, Signals } from "#sandbox/signals/source.ts";

/** Two stories in one cluster: what both have is there once. */
export function together(a: Stage, b: Stage): Stage {
  const apps = new Map([...a.apps, ...b.apps].map((app) => [`${app.namespace}/${app.name}`, app]));
  const fixtures = new Map([...a.fixtures, ...b.fixtures].map((one) => [keyOf(one), one]));
  return {
    apps: [...apps.values()],
    fixtures: [...fixtures.values()],
    signals: (history) => joined(a.signals(history), b.signals(history)),
  };
}

function keyOf({ kind, namespace = "", name }: Fixture): string {
  return `${kind} ${namespace} ${name}`;
}

function joined(a: Signals, b: Signals): Signals {
  const logs = Map.groupBy([...a.logs, ...b.logs], ({ group }) => group);
  const alarms = Map.groupBy([...a.alarms, ...b.alarms], ({ name }) => name);
  return {
    metrics: [...a.metrics, ...b.metrics],
    logs: [...logs.values()].flatMap(oneLog),
    filters: [...a.filters, ...b.filters],
    alarms: [...alarms.values()].flatMap(oneAlarm),
    mutes: [...a.mutes, ...b.mutes],
  };
}

function oneLog(sources: readonly LogSource[]): readonly LogSource[] {
  const minute = (at: number) =>
    sources
      .flatMap((source) => source.minute(at))
      .toSorted((one, other) => one.at.getTime() - other.at.getTime());
  return sources.slice(0, 1).map((source) => ({ ...source, minute }));
}

/** A composite alarm of both stories watches the children of both. */
function oneAlarm(specs: readonly AlarmSpec[]): readonly AlarmSpec[] {
  const children = specs.flatMap((spec) => (spec.kind === "composite" ? spec.children : []));
  return specs
    .slice(0, 1)
    .map((spec) => (spec.kind === "composite" ? { ...spec, children } : spec));
}
