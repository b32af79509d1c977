import { MINUTE, SECOND } from "#domain/window.ts";
import type { AppHistory } from "#sandbox/cluster/history.ts";
import { between } from "#sandbox/noise.ts";
import type { Samples } from "#sandbox/signals/source.ts";
import { arrivals, shareOf } from "./traffic.ts";

const SAMPLE_MS = 10 * SECOND;

/** What a web app needs and does, as its load balancer sees it. */
export interface WebLoad {
  readonly past: AppHistory;
  readonly seed: number;
  readonly requestsPerMinute: number;
  /** Ready pods that carry the whole traffic. */
  readonly needed: number;
  /** Share of requests that fail on a good day. */
  readonly usualFailures: number;
  /** Share of requests that fail while no pod is ready. */
  readonly peak: number;
  /** How many times the usual traffic comes, at the minute. */
  readonly surge?: (minute: number) => number;
  /** Share of requests that ready pods fail beyond that, at the minute. */
  readonly failing?: (minute: number) => number;
}

export interface WebMinute {
  readonly requests: number;
  /** Answered with 5xx by a pod, or for one that broke off. */
  readonly failed: number;
  /** Answered with 503 because no pod was ready. */
  readonly refused: number;
  /** Ready pods, as the last health checks of the minute before found them. */
  readonly ready: readonly number[];
}

/** Minute by minute, by the readiness of the pods in the minute before. */
export function webMinutes(load: WebLoad): (minute: number) => WebMinute {
  const { past, seed, needed, peak } = load;
  const key = past.course.app.name;
  return (minute) => {
    const ready = checks(past, minute);
    const surge = load.surge?.(minute) ?? 1;
    const requests = arrivals(load.requestsPerMinute * surge, seed, key, minute);
    const none = ready.filter((pods) => pods === 0).length / ready.length;
    const over = mean(
      ready.map((pods) => (pods === 0 ? 0 : Math.max(0, 1 - pods / (needed * surge)))),
    );
    const refused = shareOf(requests, peak * none, seed, `${key} refused`, minute);
    const share = Math.min(1, load.usualFailures + peak * over + (load.failing?.(minute) ?? 0));
    const failed = shareOf(requests - refused, share, seed, `${key} failed`, minute);
    return { requests, failed, refused, ready };
  };
}

/** Seconds that answered requests took: longer the fewer pods carry them. */
export function responseTimes(load: WebLoad, web: WebMinute, minute: number): Samples | undefined {
  const count = web.requests - web.refused;
  if (count === 0) return undefined;
  const needed = load.needed * (load.surge?.(minute) ?? 1);
  const crowd = Math.max(1, needed / Math.max(0.5, mean(web.ready)));
  const values = Array.from({ length: 20 }, (_, i) => {
    const x = between(0, 1, load.seed, load.past.course.app.name, "response", minute, i);
    return crowd ** 1.5 * (0.06 + 0.3 * x ** 4);
  });
  return { values, count };
}

function checks(past: AppHistory, minute: number): readonly number[] {
  const times = Array.from({ length: MINUTE / SAMPLE_MS }, (_, i) => minute - i * SAMPLE_MS);
  return times.map((t) => past.reachable(t).length);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
}
