import { bytes } from "#domain/kubernetes/quantity.ts";
import { SECOND } from "#domain/window.ts";
import type { App, End, RunStart, StoryRevision } from "#sandbox/cluster/app.ts";
import { between } from "#sandbox/noise.ts";

/**
 * A container begins with `FRESH_MI` and fills its caches with the traffic: half of the rest after about a minute.
 * It is killed when it reaches its limit, and goes on for ever when the limit is above what it ends at.
 */
const FRESH_MI = 140;
const CACHES_MI = [172, 214] as const;
const FILL_MS = 90 * SECOND;

export interface Appetite {
  readonly seed: number;
  /** How many times the usual memory a revision takes. */
  factor(revision: StoryRevision): number;
}

/** Mebibytes in use by a run's age. */
export function memoryMi(run: RunStart, ageMs: number, appetite: Appetite): number {
  return FRESH_MI + cachesMi(run, appetite) * (1 - Math.exp(-ageMs / FILL_MS));
}

/** When and how the kernel ends the run, if its limit is too low for it. */
export function killedAt(run: RunStart, appetite: Appetite): End | undefined {
  const share = (limitMi(run.revision) - FRESH_MI) / cachesMi(run, appetite);
  if (share >= 1) return undefined;
  const afterMs = Math.max(2 * SECOND, Math.round(-FILL_MS * Math.log(1 - Math.max(0, share))));
  return { afterMs, exitCode: 137, reason: "OOMKilled" };
}

/** Infinite without a limit. */
export function limitMi({ values }: StoryRevision): number {
  return (bytes(values.resources.limits.memory) ?? Number.POSITIVE_INFINITY) / 2 ** 20;
}

/** An app whose containers are killed when they reach their limit. */
export function hungry(app: App, appetite: Appetite): App {
  return {
    ...app,
    ends: (run) => killedAt(run, appetite),
    memoryMi: (run, ageMs) => memoryMi(run, ageMs, appetite),
  };
}

function cachesMi({ pod, index, revision }: RunStart, appetite: Appetite): number {
  return appetite.factor(revision) * between(...CACHES_MI, appetite.seed, pod, "caches", index);
}
