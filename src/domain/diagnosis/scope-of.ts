import { type KubeObject, type ObjectRef, workloadKinds } from "#domain/kubernetes/object.ts";
import { type Core, coreOf, isInRelease, releaseCore } from "./core.ts";
import type { Scope } from "./scope.ts";
import type { Snapshot } from "./snapshot.ts";
import { surroundings } from "./surroundings.ts";

/** The subject with all that works for it or depends on it, of what was read. */
export function scopeOf(subject: ObjectRef, object: KubeObject, snapshot: Snapshot): Scope {
  return scopeAround(subject, object, coreOf(subject, object, snapshot), snapshot);
}

const releaseKinds = [
  ...workloadKinds,
  "cronjobs",
  "jobs",
  "services",
  "ingresses",
  "configmaps",
] as const;

/**
 * The scope of a Helm release: its principal object is the first workload, else the first object. Nothing when no
 * object says that it belongs to the release.
 */
export function releaseScope(
  release: { readonly name: string; readonly namespace: string },
  snapshot: Snapshot,
): Scope | undefined {
  for (const kind of releaseKinds) {
    const object = snapshot.of(kind).find((each) => isInRelease(each, release));
    if (object === undefined) continue;
    const subject = { kind, namespace: release.namespace, name: object.metadata.name };
    return scopeAround(subject, object, releaseCore(release, snapshot), snapshot);
  }
  return undefined;
}

function scopeAround(subject: ObjectRef, object: KubeObject, core: Core, snapshot: Snapshot) {
  const { workloads, pods } = core;
  return { subject, object, workloads, pods, of: surroundings(subject, object, core, snapshot) };
}
