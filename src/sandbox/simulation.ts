import { toJsonObject } from "#domain/json.ts";
import type { Journal, JournalHead } from "#ports/journal.ts";
import { type History, historyOf } from "./cluster/history.ts";
import type { ClusterEffect } from "./effect.ts";
import { type Applied, type Effect, effectSchema } from "./effect.ts";
import type { Stage } from "./scenario.ts";
import { type AlarmCourse, alarmCourses } from "./signals/alarm-course.ts";
import { alarmCounts, countedMetrics } from "./signals/logs.ts";
import { type Memory, minuteMemory, type Recorded } from "./signals/metrics.ts";
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
  /** What was done to the cluster, in order. */
  applied(): readonly Applied[];
  /** The same and this, done now. */
  appliedAfter(effect: ClusterEffect): readonly Applied[];
  historyAfter(effect: ClusterEffect): History;
  apply(effect: Effect): Promise<void>;
  refresh(): Promise<void>;
}

/** How much time may pass before the journal is told, so that another process does not begin further back. */
const TELL_MS = 15_000;

export function simulate(
  stage: Stage,
  head: JournalHead,
  journal: Journal,
  wallClock: { now(): Date },
): Simulation {
  const time = simulatedTime(head.startedAt.getTime(), wallClock);
  const applied: Applied[] = [...(stage.past ?? [])];
  const memory = minuteMemory();
  let seen = 0;
  let outlook: Outlook | undefined;

  const absorb = (at: number, effect: Effect) => {
    if (effect.type === "advance") return time.reach(at + effect.milliseconds);
    time.reach(at);
    applied.push({ at: Math.max(at, applied.at(-1)?.at ?? at), effect });
    memory.forget(at);
    outlook = undefined;
  };
  const replay = async () => {
    for (const entry of await journal.since(seen)) {
      if (entry.seq <= seen) continue;
      seen = entry.seq;
      absorb(entry.at.getTime(), effectSchema.parse(entry.effect));
    }
  };
  const write = async (effect: Effect) => {
    await replay();
    await journal.append(new Date(time.now()), toJsonObject(effect));
    await replay();
  };
  const appliedAfter = (effect: ClusterEffect) => [...applied, { at: time.now(), effect }];
  return {
    stage,
    seed: head.seed,
    now: time.now,
    apply: write,
    async refresh() {
      await replay();
      if (time.now() - time.told() >= TELL_MS) await write({ type: "advance", milliseconds: 0 });
    },
    outlook() {
      outlook ??= look(stage, applied, head, memory);
      return outlook;
    },
    applied: () => applied,
    appliedAfter,
    historyAfter: (effect) => historyOf(stage.apps, appliedAfter(effect), head.seed),
  };
}

/** Simulated time: it goes on with the wall clock, and never behind what the journal tells. */
function simulatedTime(start: number, wallClock: { now(): Date }) {
  const opened = wallClock.now().getTime();
  /** Simulated time at which the wall clock stood at `opened`. */
  let base = start;
  /** The latest time that the journal tells of. */
  let told = start;
  const now = () => base + Math.max(0, wallClock.now().getTime() - opened);
  return {
    now,
    told: () => told,
    reach(t: number) {
      base += Math.max(0, t - now());
      told = Math.max(told, t);
    },
  };
}

function look(
  stage: Stage,
  applied: readonly Applied[],
  { seed, startedAt }: JournalHead,
  memory: Memory,
): Outlook {
  const history = historyOf(stage.apps, applied, seed);
  const signals = stage.signals(history);
  const metrics = [...signals.metrics, ...countedMetrics(signals)].map(memory.recorded);
  const counts = alarmCounts(signals).map(memory.recorded);
  const alarms = alarmCourses(signals, [...metrics, ...counts], startedAt.getTime());
  return { history, signals, metrics, alarms };
}
