import type { LogEvent } from "#domain/logs/event.ts";
import { MINUTE } from "#domain/window.ts";
import type { AppHistory } from "#sandbox/cluster/history.ts";
import { between, hex } from "#sandbox/noise.ts";
import { arrivals, instants, shareOf } from "#sandbox/scenarios/traffic.ts";
import type { TaskMinute } from "./tasks.ts";

/** A load counts as complete while fewer of its tasks than this fail. */
const COMPLETE_BELOW = 0.2;
/** Minutes of data that a pipeline catches up on in one minute. */
const CATCH_UP = 4;
/** A pipeline does not start on data older than this many minutes. */
const TOO_OLD = 3;

export interface Downstream {
  /** Age of the newest complete data that the pipeline has, in minutes. */
  lag(minute: number): number;
  tasks(minute: number): { readonly started: number; readonly failed: number };
  lines(minute: number): readonly LogEvent[];
}

interface Setup {
  readonly past: AppHistory;
  readonly upstream: string;
  readonly tasksPerMinute: number;
  readonly since: number;
  readonly seed: number;
}

/** A pipeline that waits for complete data of another. */
export function downstreamOf(
  setup: Setup,
  upstream: (minute: number) => TaskMinute | undefined,
): Downstream {
  const { past, seed, tasksPerMinute } = setup;
  const key = past.course.app.name;
  const waited = waiting(setup.since, (minute) => isComplete(upstream(minute)));
  const lag = (minute: number) => waited(minute) + between(0.8, 1.6, seed, key, "lag", minute);
  const tasks = (minute: number) => {
    const runs = waited(minute) <= TOO_OLD && past.ready(minute).length > 0;
    const started = runs ? arrivals(tasksPerMinute, seed, key, minute) : 0;
    return { started, failed: shareOf(started, 0.01, seed, key, minute) };
  };
  return {
    lag,
    tasks,
    lines(minute) {
      const { started, failed } = tasks(minute);
      const pods = past.ready(minute);
      const say = (what: string, n: number, text: (i: number) => object): readonly LogEvent[] =>
        instants(n, minute, seed, `${key} ${what}`).map((at, i) => ({
          at: new Date(at),
          stream: pods[i % Math.max(1, pods.length)]?.name ?? "",
          message: JSON.stringify({ time: new Date(at).toISOString(), ...text(i) }),
        }));
      const waitText = `waiting for ${setup.upstream}: newest complete load is ${Math.round(lag(minute))} minutes old`;
      return [
        ...say("done", started > 0 ? 2 : 0, () => ({ level: "info", message: "batch complete" })),
        ...say("waits", started === 0 ? Math.min(1, pods.length) : 0, () => ({
          level: "warn",
          message: waitText,
        })),
        ...say("failed", failed, (i) => ({
          level: "error",
          message: "record rejected by schema check",
          record: hex(6, seed, key, minute, i),
        })),
      ].toSorted((a, b) => a.at.getTime() - b.at.getTime());
    },
  };
}

function isComplete(minute: TaskMinute | undefined): boolean {
  return minute !== undefined && minute.failed / minute.started < COMPLETE_BELOW;
}

/** Minutes of missing data: one more each minute without a complete load, and caught up on after it. */
function waiting(since: number, complete: (minute: number) => boolean): (minute: number) => number {
  const origin = Math.floor(since / MINUTE) * MINUTE;
  const behind: number[] = [0];
  return (minute) => {
    const index = Math.floor((minute - origin) / MINUTE);
    while (behind.length <= index) {
      const before = behind.at(-1) ?? 0;
      const ended = origin + (behind.length - 1) * MINUTE;
      behind.push(complete(ended) ? Math.max(0, before - CATCH_UP) : before + 1);
    }
    return behind[Math.max(0, index)] ?? 0;
  };
}
