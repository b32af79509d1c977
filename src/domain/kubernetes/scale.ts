import type { Owner } from "#domain/approvals/action.ts";
import { readBudget } from "./budget.ts";
import { helmWarning, specOwners } from "./change-owners.ts";
import { workloadHealth } from "./health.ts";
import type { KubeObject, ResourceKind } from "./object.ts";
import { type Autoscalers, replicaOwners } from "./ownership.ts";
import { amount } from "./quantity.ts";
import type { RolloutFacts } from "./rollout.ts";
import { selects } from "./selector.ts";
import { type Workload, workloadLabel } from "./workload.ts";

/** Whoever sets the count again, with what to change instead where Firewatch has a tool for it. */
export function countOwners(workload: Workload, autoscalers: Autoscalers): readonly Owner[] {
  const scalers = replicaOwners(workload, autoscalers).map((owner) =>
    owner.by === "HorizontalPodAutoscaler"
      ? { ...owner, effect: `${owner.effect}; kubectl_set_hpa_bounds changes the bounds` }
      : owner,
  );
  return [...scalers, ...specOwners(workload)];
}

/** What could surprise the person who says yes to another count. */
export function countWarnings(
  workload: Workload,
  facts: RolloutFacts,
  replicas: number,
  unseen: readonly ResourceKind[],
): readonly string[] {
  const label = workloadLabel(workload);
  const grows = replicas > workload.desired;
  return [
    ...(replicas === 0 ? [`This stops ${label}: no pod is left to serve.`] : []),
    ...(workload.paused ? [`${label} is paused; scaling works all the same.`] : []),
    ...(grows ? unwell(workload, facts) : []),
    ...(unseen.length > 0
      ? [`Not all could be seen (${unseen.join(", ")}): an autoscaler may overwrite the count.`]
      : []),
    ...(workload.kind === "statefulsets" && !grows
      ? ["Volumes of the pods that go stay, and so does what they cost."]
      : []),
    ...helmWarning(workload, ""),
  ];
}

/** More of what does not work rarely helps. */
export function unwell(workload: Workload, facts: RolloutFacts): readonly string[] {
  const bad = workloadHealth(workload, facts, facts.now).find(({ ok }) => !ok);
  return bad ? [`It is not well now, and new pods are alike: ${bad.evidence}`] : [];
}

/** Disruption budgets under which no pod could be evicted any more, so that nodes cannot be drained. */
export function budgetWarnings(
  { template, desired }: Workload,
  replicas: number,
  budgets: readonly KubeObject[],
): readonly string[] {
  if (replicas === 0 || replicas >= desired) return [];
  return budgets.flatMap((budget) => {
    const { selector, minAvailable, maxUnavailable } = readBudget(budget).spec;
    if (!selector || !selects(selector, template.metadata.labels)) return [];
    const evictable =
      maxUnavailable === undefined
        ? replicas - share(minAvailable ?? 0, replicas)
        : share(maxUnavailable, replicas);
    if (evictable > 0) return [];
    return [
      `With ${replicas}, disruption budget ${budget.metadata.name} lets no pod be evicted: nodes under them cannot be drained.`,
    ];
  });
}

/** A number of pods, or a share of them; the API rounds up. */
function share(bound: number | string, replicas: number): number {
  if (typeof bound === "number") return bound;
  const percent = amount(bound.replace(/%$/, "")) ?? 0;
  return Math.ceil((percent * replicas) / 100);
}
