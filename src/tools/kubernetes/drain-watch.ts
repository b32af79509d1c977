import type { SortedPod } from "#domain/kubernetes/drain.ts";
import type { ObjectRef } from "#domain/kubernetes/object.ts";
import { controllerOf, readWorkload } from "#domain/kubernetes/workload.ts";
import type { WorkloadRef, Workloads } from "#ports/workloads.ts";

/** Most workloads that a verification looks after. */
const MOST = 10;

/** The Deployments and StatefulSets of these pods that are well now: the drain must leave them so. */
export async function healthyWorkloads(
  pods: readonly SortedPod[],
  workloads: Workloads,
  signal: AbortSignal,
): Promise<WorkloadRef[]> {
  const found = new Map<string, WorkloadRef>();
  for (const controller of controllersOf(pods)) {
    if (found.size >= MOST) break;
    const ref = await workloadOf(controller, workloads, signal);
    const object = ref && (await workloads.get(ref, signal));
    if (!ref || !object) continue;
    const { ready, desired } = readWorkload(ref.kind, object);
    if (ready >= desired) found.set(`${ref.kind}/${ref.namespace}/${ref.name}`, ref);
  }
  return [...found.values()];
}

interface ControllerRef {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
}

/** Each once. */
function controllersOf(pods: readonly SortedPod[]): readonly ControllerRef[] {
  const all = pods.flatMap(({ pod: { metadata } }): [string, ControllerRef][] => {
    const owner = controllerOf(metadata);
    if (!owner) return [];
    return [
      [owner.uid, { kind: owner.kind, namespace: metadata.namespace ?? "", name: owner.name }],
    ];
  });
  return [...new Map(all).values()];
}

async function workloadOf(
  { kind, namespace, name }: ControllerRef,
  workloads: Workloads,
  signal: AbortSignal,
): Promise<WorkloadRef | undefined> {
  if (kind === "StatefulSet") return { kind: "statefulsets", namespace, name };
  if (kind !== "ReplicaSet") return undefined;
  const ref: ObjectRef = { kind: "replicasets", namespace, name };
  const set = await workloads.get(ref, signal);
  const owner = set && controllerOf(set.metadata);
  return owner?.kind === "Deployment"
    ? { kind: "deployments", namespace, name: owner.name }
    : undefined;
}
