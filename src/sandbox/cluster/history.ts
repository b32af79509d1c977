import type { Applied } from "#sandbox/effect.ts";
import type { App } from "./app.ts";
import { type ConfigState, type Course, courseOf, type Generation } from "./course.ts";
import { holding } from "./holding.ts";
import { podLabels } from "./manifest.ts";
import { isReady, isThere, type Pod } from "./pods.ts";

/** How long a pod takes to see a changed ConfigMap in its volume, and the app to read it again. */
export const CONFIG_DELAY_MS = 60_000;

/** What is and was true of one app at any time, given all that was done so far. */
export interface AppHistory {
  readonly course: Course;
  generation(t: number): Generation | undefined;
  pods(t: number): readonly Pod[];
  ready(t: number): readonly Pod[];
  /** Those of them that the Service selects. */
  reachable(t: number): readonly Pod[];
  /** The ConfigMap in the API. */
  config(t: number): ConfigState | undefined;
  /** A key of the configuration as the running pods see it. */
  setting(key: string, t: number): string | undefined;
}

export type History = (app: App) => AppHistory;

export function historyOf(
  apps: readonly App[],
  applied: readonly Applied[],
  seed: number,
): History {
  const known = new Map(apps.map((app) => [app, appHistory(courseOf(app, applied, seed))]));
  return (app) => known.get(app) ?? appHistory(courseOf(app, applied, seed));
}

function appHistory(course: Course): AppHistory {
  const config = (t: number) => holding(course.configs, t);
  return {
    course,
    generation: (t) => holding(course.generations, t),
    pods: (t) => course.pods.filter((pod) => isThere(pod, t)),
    ready: (t) => course.pods.filter((pod) => isReady(pod, t)),
    reachable: (t) => {
      const wanted = Object.entries(holding(course.selectors, t)?.labels ?? {});
      return course.pods.filter(
        (pod) => isReady(pod, t) && wanted.every(([key, value]) => podLabels(pod)[key] === value),
      );
    },
    config,
    setting: (key, t) => config(t - CONFIG_DELAY_MS)?.data[key],
  };
}
