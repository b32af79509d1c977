import type { KubeObject } from "#domain/kubernetes/object.ts";
import {
  type ReplicaSet,
  readReplicaSet,
  replicaSetsOf,
  revisionOf,
  type Workload,
  workloadLabel,
} from "#domain/kubernetes/workload.ts";
import { MINUTE } from "#domain/window.ts";
import type { Snapshot } from "./snapshot.ts";

/** The newest template of a Deployment, where there was another before it. */
export interface LastRollout {
  /** `deployment/web`. */
  readonly workload: string;
  readonly revision: number;
  readonly at: Date;
  /** `app: web:1 → web:2`; empty when the images are the same. */
  readonly images: readonly string[];
}

export function lastRollout(workload: Workload, snapshot: Snapshot): LastRollout | undefined {
  const [newest, before] = replicaSetsOf(workload, setsIn(snapshot.of("replicasets")));
  const made = newest?.metadata.creationTimestamp;
  if (newest === undefined || before === undefined || made === undefined) return undefined;
  const at = new Date(made);
  // A rollback takes an old ReplicaSet up again, whose age says nothing of when.
  if (at.getTime() < Date.parse(before.metadata.creationTimestamp ?? "")) return undefined;
  return {
    workload: workloadLabel(workload),
    revision: revisionOf(newest.metadata),
    at,
    images: imageChanges(before, newest),
  };
}

function setsIn(objects: readonly KubeObject[]): readonly ReplicaSet[] {
  return objects.map(readReplicaSet);
}

function imageChanges(before: ReplicaSet, after: ReplicaSet): readonly string[] {
  const old = new Map(
    before.spec.template.spec.containers.map(({ name, image }) => [name, image] as const),
  );
  return after.spec.template.spec.containers
    .filter(({ name, image }) => old.get(name) !== image)
    .map(({ name, image }) => `${name}: ${old.get(name) ?? "none"} → ${image}`);
}

/** How long after a rollout began its fault may show. */
const SHOWS = 60 * MINUTE;
/** Events and objects carry seconds only, and controllers act within some. */
const SLACK = MINUTE;

/** Whether something that began at `since` may come of the rollout. */
export function mayCause({ at }: LastRollout, since: Date): boolean {
  const after = since.getTime() - at.getTime();
  return after >= -SLACK && after <= SHOWS;
}
