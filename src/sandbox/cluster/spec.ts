import { digest } from "#domain/digest.ts";
import type { ClusterEffect } from "#sandbox/effect.ts";
import type { App, StoryRevision } from "./app.ts";
import { withContainer } from "./container.ts";
import type { Generation } from "./course.ts";
import { rendered } from "./manifest.ts";

/** What is new in a deployment's spec; an empty `restartedAt` takes the mark of a restart away. */
export type SpecChange = Partial<
  Pick<Generation, "source" | "chart" | "replicas" | "restartedAt" | "paused">
>;

/** What the effect changes in the app's deployment as it is now; nothing when it is of something else. */
export function specChange(
  app: App,
  generations: readonly Generation[],
  effect: ClusterEffect,
): SpecChange | undefined {
  const now = generations.at(-1);
  if (!now || ("target" in effect ? effect.target : nameOf(effect)) !== app.name) return undefined;
  switch (effect.type) {
    case "restart":
      return { restartedAt: effect.restarted_at };
    case "scale":
      return { replicas: effect.replicas };
    case "set_template":
      return templateOf(generations, effect.hash);
    case "set_container":
      return { source: withContainer(app, now.source, effect) };
    case "pause":
      return { paused: effect.paused };
    case "set_bounds":
      return { replicas: Math.min(effect.max, Math.max(effect.min, now.replicas)) };
    default:
      return undefined;
  }
}

function nameOf(effect: ClusterEffect): string | undefined {
  return "name" in effect ? effect.name : undefined;
}

function templateOf(generations: readonly Generation[], hash: string): SpecChange | undefined {
  const kept = generations.findLast((generation) => generation.hash === hash);
  return kept && { source: kept.source, restartedAt: kept.restartedAt ?? "" };
}

/** The deployment's spec after the change; nothing when it is as before. */
export function nextGeneration(
  app: App,
  before: Generation | undefined,
  at: number,
  change: SpecChange,
): Generation | undefined {
  const { restartedAt, ...spec } = { ...(before ?? first(app)), ...change };
  const hash = templateHash(app, spec.source, restartedAt);
  const rolledHash = spec.paused ? spec.rolledHash : hash;
  if (before && hash === before.hash && sameSettings(before, spec)) return undefined;
  return {
    ...spec,
    ...(restartedAt ? { restartedAt } : {}),
    ...{ at, hash, rolledHash },
    rollout: spec.rollout + (rolledHash === before?.rolledHash ? 0 : 1),
    generation: spec.generation + 1,
  };
}

function sameSettings(a: Generation, b: Pick<Generation, "replicas" | "paused">): boolean {
  return a.replicas === b.replicas && a.paused === b.paused;
}

function first(app: App): Generation {
  const source = app.revisions[0];
  return {
    ...{ at: source.at, generation: 0, rollout: 0, replicas: 0, paused: false },
    ...{ source, chart: source, hash: "", rolledHash: "" },
  };
}

/** The part of a ReplicaSet's name that stands for its template. */
function templateHash(app: App, source: StoryRevision, restartedAt = ""): string {
  const { template } = rendered(app, source).deployment.spec;
  const letters = digest({ template, restartedAt });
  return letters.slice(0, 10).replaceAll(/[013ae]/g, (c) => "bcdfg".charAt("013ae".indexOf(c)));
}
