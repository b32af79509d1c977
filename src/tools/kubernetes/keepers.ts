import type { KubeObject } from "#domain/kubernetes/object.ts";
import { readPod } from "#domain/kubernetes/pod.ts";
import { keeperKind, revisionsOf, type TemplateRevision } from "#domain/kubernetes/revisions.ts";
import type { RolloutFacts } from "#domain/kubernetes/rollout.ts";
import { selectorText } from "#domain/kubernetes/selector.ts";
import { readReplicaSet, type Workload } from "#domain/kubernetes/workload.ts";
import type { Ports } from "#ports/index.ts";

/** Most objects of one kind that are read around a workload. */
const MOST = 500;

export interface Kept {
  /** Newest first. */
  readonly revisions: readonly TemplateRevision[];
  readonly facts: RolloutFacts;
}

/** The revisions of a workload that its controller keeps, and its pods. */
export async function keptRevisions(
  workload: Workload,
  { workloads, clock }: Pick<Ports, "workloads" | "clock">,
  signal: AbortSignal,
): Promise<Kept> {
  const { namespace, selector } = workload;
  const query = { namespace, labelSelector: selectorText(selector), limit: MOST };
  const [keepers, pods] = await Promise.all([
    workloads.list({ ...query, kind: keeperKind(workload) }, signal),
    workloads.list({ ...query, kind: "pods" }, signal),
  ]);
  return {
    revisions: revisionsOf(workload, keepers.items),
    facts: {
      replicaSets: replicaSetsAmong(workload, keepers.items),
      pods: pods.items.map(readPod),
      events: [],
      now: clock.now(),
    },
  };
}

function replicaSetsAmong({ kind }: Workload, keepers: readonly KubeObject[]) {
  return kind === "deployments" ? keepers.map(readReplicaSet) : [];
}
