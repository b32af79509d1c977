import type { KubeObject } from "#domain/kubernetes/object.ts";
import { controllerOf, revisionOf } from "#domain/kubernetes/workload.ts";
import { HOUR } from "#domain/window.ts";

/** A template that a Deployment began to run. */
export interface Rollout {
  readonly namespace: string;
  readonly deployment: string;
  readonly revision: number;
  readonly at: Date;
}

const LATELY = 2 * HOUR;

/** Takes ReplicaSets page by page and keeps the newest rollouts of the last two hours. */
export function openRollouts(now: Date, most: number) {
  let newest: readonly Rollout[] = [];
  let total = 0;
  return {
    add(objects: readonly KubeObject[]): void {
      const found = objects.flatMap((object) => rolloutOf(object, now));
      total += found.length;
      newest = [...newest, ...found].sort((a, b) => +b.at - +a.at).slice(0, most);
    },
    result: () => ({ newest, total }),
  };
}

function rolloutOf({ metadata }: KubeObject, now: Date): readonly Rollout[] {
  const owner = controllerOf(metadata);
  const at = new Date(metadata.creationTimestamp ?? 0);
  const revision = revisionOf(metadata);
  if (owner?.kind !== "Deployment" || now.getTime() - at.getTime() > LATELY) return [];
  return [{ namespace: metadata.namespace ?? "", deployment: owner.name, revision, at }];
}
