import { type KubeEvent, readEvent } from "#domain/kubernetes/events.ts";
import type { KubeObject, ResourceKind } from "#domain/kubernetes/object.ts";
import { type Pod, readPod } from "#domain/kubernetes/pod.ts";
import type { Snapshot } from "./snapshot.ts";

/** Objects of a kind as their own schema reads them, read once for each snapshot however many ask. */
function readOnce<T>(
  kind: ResourceKind,
  read: (object: KubeObject) => T,
): (snapshot: Snapshot) => readonly T[] {
  const known = new WeakMap<Snapshot, readonly T[]>();
  return (snapshot) => {
    const all = known.get(snapshot) ?? snapshot.of(kind).map(read);
    known.set(snapshot, all);
    return all;
  };
}

export const eventsOf: (snapshot: Snapshot) => readonly KubeEvent[] = readOnce("events", readEvent);
export const podsOf: (snapshot: Snapshot) => readonly Pod[] = readOnce("pods", readPod);
