import { toJsonObject } from "#domain/json.ts";
import type { Journal, JournalHead } from "#ports/journal.ts";
import { type History, historyOf } from "./cluster/history.ts";
import type { ClusterEffect } from "./effect.ts";
import { type Applied, type Effect, effectSchema } from "./effect.ts";
import type { Stage } from "./scenario.ts";
import { type AlarmCourse, alarmCourses } from "./signals/alarm-course.ts";
import { countedMetrics } from "./signals/logs.ts";
import { type Recorded, recorded } from "./signals/metrics.ts";
import type { Signals } from "./signals/source.ts";

/** All that follows from what was done so far. Made anew when something is done. */
export interface Outlook {
  readonly history: History;
  readonly signals: Signals;
  readonly metrics: readonly Recorded[];
  readonly alarms: readonly AlarmCourse[];
}

/** One process's view of the world that the journal describes. */
export interface Simulation {
  readonly stage: Stage;
  readonly seed: number;
  now(): number;
  outlook(): Outlook;
  historyAfter(effect: ClusterEffect): History;
  apply(effect: Effect): Promise<void>;
  refresh(): Promise<void>;
}

export function simulate(
  stage: Stage,
  head: JournalHead,
  journal: Journal,
  wallClock: { now(): Date },
): Simulation {
  const start = head.startedAt.getTime();
  const opened = wallClock.now().getTime();
  const applied: Applied[] = [];
  /** Simulated time at which the wall clock stood at `opened`. */
  let base = start;
  let seen = 0;
  let outlook: Outlook | undefined;

  const now = () => base + Math.max(0, wallClock.now().getTime() - opened);
  const reach = (t: number) => {
    base += Math.max(0, t - now());
  };
  const absorb = (at: number, effect: Effect) => {
    if (effect.type === "advance") return reach(at + effect.milliseconds);
    reach(at);
    applied.push({ at, effect });
    outlook = undefined;
  };
  const refresh = async () => {
    for (const entry of await journal.since(seen)) {
      if (entry.seq <= seen) continue;
      seen = entry.seq;
      absorb(entry.at.getTime(), effectSchema.parse(entry.effect));
    }
  };
  return {
    stage,
    seed: head.seed,
    now,
    refresh,
    outlook() {
      outlook ??= look(stage, applied, head.seed, start);
      return outlook;
    },
    historyAfter: (effect) => historyOf(stage.apps, [...applied, { at: now(), effect }], head.seed),
    async apply(effect) {
      await refresh();
      await journal.append(new Date(now()), toJsonObject(effect));
      await refresh();
    },
  };
}

function look(stage: Stage, applied: readonly Applied[], seed: number, start: number): Outlook {
  const history = historyOf(stage.apps, applied, seed);
  const signals = stage.signals(history);
  const metrics = [...signals.metrics, ...countedMetrics(signals)].map(recorded);
  return { history, signals, metrics, alarms: alarmCourses(signals, metrics, start) };
}
