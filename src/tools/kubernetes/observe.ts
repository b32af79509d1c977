import * as z from "zod";
import type { KubeObject, ResourceKind } from "#domain/kubernetes/object.ts";
import { workloadKinds } from "#domain/kubernetes/object.ts";
import type { Autoscalers } from "#domain/kubernetes/ownership.ts";
import { readPod } from "#domain/kubernetes/pod.ts";
import type { RolloutFacts } from "#domain/kubernetes/rollout.ts";
import { selectorText } from "#domain/kubernetes/selector.ts";
import { readReplicaSet, readWorkload, type Workload } from "#domain/kubernetes/workload.ts";
import { OpsError } from "#errors.ts";
import type { Ports } from "#ports/index.ts";
import type { WorkloadRef, Workloads } from "#ports/workloads.ts";

/** A workload as a plan keeps it. */
export const workloadRefSchema = z.object({
  kind: z.enum(workloadKinds),
  namespace: z.string(),
  name: z.string(),
});

type SeeingPorts = Pick<Ports, "workloads" | "clock">;

/** Most objects of one kind that are read around a workload. */
const MOST = 500;

export interface Observed {
  readonly workload: Workload;
  readonly facts: RolloutFacts;
}

/** The workload as it is now, with its pods; `undefined` when there is none. */
export async function observe(
  ref: WorkloadRef,
  ports: SeeingPorts,
  signal: AbortSignal,
): Promise<Observed | undefined> {
  const object = await ports.workloads.get(ref, signal);
  if (object === undefined) return undefined;
  const workload = readWorkload(ref.kind, object);
  return { workload, facts: await factsOf(workload, ports, signal) };
}

/** What surrounds a workload. Events are not read. */
export async function factsOf(
  { kind, namespace, selector }: Workload,
  { workloads, clock }: SeeingPorts,
  signal: AbortSignal,
): Promise<RolloutFacts> {
  const query = { namespace, labelSelector: selectorText(selector), limit: MOST };
  const [replicaSets, pods] = await Promise.all([
    kind === "deployments" ? workloads.list({ ...query, kind: "replicasets" }, signal) : none,
    workloads.list({ ...query, kind: "pods" }, signal),
  ]);
  return {
    replicaSets: replicaSets.items.map(readReplicaSet),
    pods: pods.items.map(readPod),
    events: [],
    now: clock.now(),
  };
}

const none: { readonly items: readonly KubeObject[] } = { items: [] };

/** Workloads of the three kinds in a namespace. */
export async function workloadsIn(
  namespace: string,
  workloads: Workloads,
  signal: AbortSignal,
): Promise<readonly Workload[]> {
  const lists = await Promise.all(
    workloadKinds.map(async (kind) => {
      const { items } = await workloads.list({ kind, namespace, limit: MOST }, signal);
      return items.map((item) => readWorkload(kind, item));
    }),
  );
  return lists.flat();
}

export interface FoundAutoscalers extends Autoscalers {
  /** Kinds that these credentials may not see. */
  readonly unseen: readonly ResourceKind[];
}

/** Autoscalers of the namespace. A cluster without KEDA has no scaled objects. */
export async function autoscalersIn(
  namespace: string,
  workloads: Workloads,
  signal: AbortSignal,
): Promise<FoundAutoscalers> {
  const unseen: ResourceKind[] = [];
  const read = async (kind: ResourceKind) => {
    try {
      return (await workloads.list({ kind, namespace, limit: MOST }, signal)).items;
    } catch (error) {
      if (!(error instanceof OpsError)) throw error;
      if (error.code === "access_denied") unseen.push(kind);
      else if (error.code !== "not_found") throw error;
      return [];
    }
  };
  const [horizontalPodAutoscalers, scaledObjects] = await Promise.all([
    read("horizontalpodautoscalers"),
    read("scaledobjects"),
  ]);
  return { horizontalPodAutoscalers, scaledObjects, unseen };
}
