import type { KubeObject, ResourceKind } from "#domain/kubernetes/object.ts";
import type { Stage } from "#sandbox/scenario.ts";
import { appObjects } from "./app-objects.ts";
import type { At } from "./at.ts";
import { bounded } from "./autoscalers.ts";
import { budgetObjects } from "./budgets.ts";
import { appEvents } from "./events.ts";
import { fixtureObject } from "./fixtures.ts";
import { createdJobs } from "./jobs.ts";
import { touched } from "./touched.ts";
import { nodeMetrics, podMetrics } from "./usage.ts";

/** Every object of a kind at that instant, in the API server's order: by namespace, then name. */
export function objectsOf(kind: ResourceKind, stage: Stage, at: At): readonly KubeObject[] {
  const fromApps = stage.apps.flatMap((app) =>
    kind === "events" ? appEvents(app, at) : appObjects(kind, app, at),
  );
  const fixed = stage.fixtures
    .filter((fixture) => fixture.kind === kind && fixture.createdAt <= at.now)
    .map((fixture) => fixtureObject(fixture, at.seed))
    .map((object) => (kind === "horizontalpodautoscalers" ? bounded(object, stage, at) : object));
  const objects = touched(kind, [...fromApps, ...fixed, ...made(kind, stage, at)], at, (other) =>
    objectsOf(other, stage, at),
  );
  return objects.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

/** Objects that neither an app nor the story alone makes. */
function made(kind: ResourceKind, stage: Stage, at: At): readonly KubeObject[] {
  if (kind === "jobs") return createdJobs(at);
  if (kind === "podmetrics") return podMetrics(stage, at);
  if (kind === "nodemetrics") return nodeMetrics(stage, at);
  return kind === "poddisruptionbudgets" ? budgetObjects(stage, at) : [];
}

function keyOf({ metadata }: KubeObject): string {
  return `${metadata.namespace ?? ""}/${metadata.name}`;
}
