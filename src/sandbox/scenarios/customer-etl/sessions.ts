import { SECOND } from "#domain/window.ts";
import type { StoryRevision } from "#sandbox/cluster/app.ts";
import { sameImage } from "#sandbox/cluster/container.ts";
import type { AppHistory } from "#sandbox/cluster/history.ts";
import { isReady, isThere, type Pod } from "#sandbox/cluster/pods.ts";
import { smooth } from "#sandbox/scenarios/traffic.ts";

/**
 * The pods share a budget of database sessions, `max_connections`. Sound code needs some of them.
 * Faulty code keeps more and more: a pod's sessions end with the pod, and the database closes idle ones
 * after a while. So three fresh pods fill a budget of 50 in four minutes, and one raised to 200 in half an hour.
 */
const STEP_MS = 10 * SECOND;
const IN_USE = 18;
const KEPT_PER_POD_AND_STEP = 7.385 / 3 / 6;
const IDLE_MS = 37 * 60 * SECOND;
const DEFAULT_BUDGET = 50;

/** Share of tasks that fail: always; when the database serves many sessions; for each pod too many at an empty pool. */
const FAILING = { always: 0.02, crowded: 0.06, perExtraPod: 0.04, most: 0.97 };
/** Sessions at which the database begins to be slow, and is. */
const CROWDED = [52, 62] as const;
/** Share of the budget in use at which tasks begin to wait too long, and all that can fail does. */
const EMPTY = [0.92, 1] as const;

export interface SessionUse {
  readonly budget: number;
  readonly inUse: number;
}

export interface Failing {
  /** Shares of tasks that fail, by cause. */
  readonly always: number;
  readonly crowded: number;
  readonly empty: number;
}

export interface Sessions {
  /** `undefined` when no pod is ready. */
  use(t: number): SessionUse | undefined;
  failing(t: number): Failing | undefined;
}

export interface Cause {
  /** The revision whose code keeps sessions; absent when the code is sound. */
  readonly faulty?: StoryRevision;
  /** When it can have begun. */
  readonly since: number;
  readonly pods: number;
  /** Share of tasks that fail once the pool is empty. */
  readonly peak: number;
}

export function sessionsOf(cause: Cause, past: AppHistory): Sessions {
  const kept = keptSessions(cause, past);
  const use = (t: number) => {
    if (past.ready(t).length === 0) return undefined;
    const budget = budgetAt(past, t);
    return { budget, inUse: Math.min(budget, IN_USE + kept(t)) };
  };
  return {
    use,
    failing(t) {
      const used = use(t);
      return used && failing(cause, used, past.pods(t).length);
    },
  };
}

function failing({ peak, pods }: Cause, { budget, inUse }: SessionUse, alive: number): Failing {
  const empty = smooth(...EMPTY, inUse / budget);
  const worst = Math.min(FAILING.most, peak + FAILING.perExtraPod * Math.max(0, alive - pods));
  const slow = FAILING.crowded * smooth(...CROWDED, inUse) * (1 - empty);
  return {
    always: FAILING.always,
    crowded: slow,
    empty: empty * (worst - FAILING.always),
  };
}

function budgetAt(past: AppHistory, t: number): number {
  const set = Number(past.setting("max_connections", t));
  return Number.isFinite(set) && set >= 1 ? set : DEFAULT_BUDGET;
}

/** Sessions that faulty code has not given back, on a grid of ten seconds, each step from the one before. */
function keptSessions(cause: Cause, past: AppHistory): (t: number) => number {
  const held = new Map<Pod, number>();
  const totals: number[] = [0];
  const origin = Math.floor(cause.since / STEP_MS) * STEP_MS;
  return (t) => {
    if (cause.faulty === undefined || t < origin) return 0;
    const index = Math.floor((t - origin) / STEP_MS);
    while (totals.length <= index) {
      step(held, cause, past, origin + totals.length * STEP_MS);
      totals.push(total(held));
    }
    return totals[index] ?? 0;
  };
}

function step(held: Map<Pod, number>, cause: Cause, past: AppHistory, t: number): void {
  for (const [pod, sessions] of held) {
    if (isThere(pod, t)) held.set(pod, sessions * Math.exp(-STEP_MS / IDLE_MS));
    else held.delete(pod);
  }
  const { faulty } = cause;
  const keeping = past
    .pods(t)
    .filter((pod) => faulty && sameImage(pod.source, faulty) && isReady(pod, t));
  const room = Math.max(0, budgetAt(past, t) - IN_USE - total(held));
  const wanted = keeping.length * KEPT_PER_POD_AND_STEP;
  const share = wanted > room ? room / wanted : 1;
  for (const pod of keeping) {
    held.set(pod, (held.get(pod) ?? 0) + KEPT_PER_POD_AND_STEP * share);
  }
}

function total(held: ReadonlyMap<Pod, number>): number {
  return [...held.values()].reduce((sum, sessions) => sum + sessions, 0);
}
