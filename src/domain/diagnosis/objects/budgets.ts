import type { Finding } from "#domain/diagnosis/finding.ts";
import type { Analyzer, Scope } from "#domain/diagnosis/scope.ts";
import type { Snapshot } from "#domain/diagnosis/snapshot.ts";
import { type Budget, readBudget } from "#domain/kubernetes/budget.ts";
import { selects } from "#domain/kubernetes/selector.ts";
import { kindWord, type Workload } from "#domain/kubernetes/workload.ts";
import { count } from "#domain/text/table.ts";
import { isCordoned, nodesUnder } from "./node-shape.ts";
import { eventEvidence, eventsAbout, label, scoped } from "./scoped.ts";

/** It would allow no eviction even if every pod were well. One that waits for sick pods does its work. */
export function allowsNothing({ status }: Budget): boolean {
  const { disruptionsAllowed, desiredHealthy, expectedPods } = status;
  return expectedPods > 0 && disruptionsAllowed === 0 && desiredHealthy >= expectedPods;
}

/**
 * Budgets stand in the way of evictions alone, not of rolling updates. Such a budget is a finding when somebody
 * asked for it, or when a node under its pods is being emptied and cannot be.
 */
export const pdbBlocks: Analyzer = (scope, snapshot) => blocking(scope, snapshot, false);

/** The same while the workload's rollout waits for pods to be evicted. */
export const rolloutPdb: Analyzer = (scope, snapshot) => blocking(scope, snapshot, true);

function blocking(scope: Scope, snapshot: Snapshot, rolling: boolean): readonly Finding[] {
  const budgets = scoped(scope, "poddisruptionbudgets").map(readBudget).filter(allowsNothing);
  const asked = ["poddisruptionbudgets", "nodes"].includes(scope.subject.kind);
  return budgets.flatMap((budget) => {
    const evictions = refusedEvictions(budget, scope, snapshot);
    const workload = scope.workloads.find((each) => isUnderWay(each) && covers(budget, each));
    if (!(asked || evictions.length > 0) || (workload !== undefined) !== rolling) return [];
    return [budgetFinding(budget, workload, evictions)];
  });
}

function isUnderWay({ updated, desired }: Workload): boolean {
  return updated < desired;
}

function covers({ spec }: Budget, { template }: Workload): boolean {
  return spec.selector !== undefined && selects(spec.selector, template.metadata.labels);
}

/** The eviction API's words, which drains and node autoscalers repeat in events. */
const REFUSED =
  /Cannot evict pod as it would violate the pod's disruption budget|pdb prevents pod evictions/i;

/** Nodes that are being emptied with its pods still on them, and events of evictions that were refused. */
function refusedEvictions({ spec }: Budget, scope: Scope, snapshot: Snapshot) {
  const pods = scope.pods.filter(
    ({ metadata }) => spec.selector !== undefined && selects(spec.selector, metadata.labels),
  );
  const nodes = nodesUnder(pods, snapshot).filter(isCordoned);
  const names = [
    ...pods.map(({ metadata }) => `Pod/${metadata.name}`),
    ...nodes.map(({ metadata }) => `Node/${metadata.name}`),
  ];
  const events = eventsAbout(snapshot, new Set(names)).filter(({ message }) =>
    REFUSED.test(message),
  );
  return [
    ...nodes.map((node) => ({
      object: label("Node", node),
      field: "spec.unschedulable",
      value: "true, with pods of the budget still on it",
    })),
    ...events.slice(0, 1).map(eventEvidence),
  ];
}

function budgetFinding(
  budget: Budget,
  workload: Workload | undefined,
  evictions: Finding["evidence"],
): Finding {
  const object = label("PodDisruptionBudget", budget);
  const { spec, status, metadata } = budget;
  const rule =
    spec.minAvailable === undefined
      ? `maxUnavailable ${spec.maxUnavailable ?? 0}`
      : `minAvailable ${spec.minAvailable}`;
  const held = workload && label(kindWord(workload.kind), workload);
  return {
    cause: workload ? "rollout_pdb" : "pdb_blocks",
    confidence: "certain",
    summary: `${object} (${rule}) allows none of its ${count(status.expectedPods, "pod")} to be evicted, even when all are healthy${held ? `, and ${held} waits for evictions` : ""}.`,
    evidence: [
      {
        object,
        field: "status.disruptionsAllowed",
        value: `${status.disruptionsAllowed}, with ${status.currentHealthy} healthy of ${status.desiredHealthy} needed and ${status.expectedPods} expected`,
      },
      ...evictions,
    ],
    affected: [...(held ? [held] : []), ...evictions.map((each) => each.object)].slice(0, 5),
    remedy: "Run one replica more than the budget needs, or let the budget spare one pod.",
    next: {
      tool: "kubectl_get",
      args: {
        resource_type: "poddisruptionbudgets",
        name: metadata.name,
        namespace: metadata.namespace ?? "default",
      },
    },
  };
}
