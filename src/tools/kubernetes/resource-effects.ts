import { limitRangeWarnings } from "#domain/kubernetes/limit-range.ts";
import { measuredWarnings } from "#domain/kubernetes/measured-limit.ts";
import { replicaOwners } from "#domain/kubernetes/ownership.ts";
import { plus, podResources, times } from "#domain/kubernetes/pod-resources.ts";
import { amount } from "#domain/kubernetes/quantity.ts";
import { resourcesWith, type SettingChange } from "#domain/kubernetes/resource-change.ts";
import type { Container } from "#domain/kubernetes/template.ts";
import { readUsage, type Usage } from "#domain/kubernetes/usage.ts";
import { podsOf } from "#domain/kubernetes/workload.ts";
import { OpsError } from "#errors.ts";
import type { Workloads } from "#ports/workloads.ts";
import { capacityWarnings, sight } from "./around.ts";
import type { Examined } from "./examine.ts";
import { autoscalersIn } from "./observe.ts";

/** Quotas, bounds, nodes and autoscalers that the new resources meet. */
export async function whatResourcesMeet(
  { workload, facts, ref }: Examined,
  after: Container,
  settings: readonly SettingChange[],
  workloads: Workloads,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { namespace, desired, template } = workload;
  const [old, pod] = [podResources(template.spec), resourcesWith(template.spec, after)];
  const surge = ref.kind === "deployments" && workload.strategy !== "Recreate" ? 1 : 0;
  const growth = plus(times(desired, plus(pod, times(-1, old))), times(surge, pod));
  const own = podsOf(workload, facts.replicaSets, facts.pods).map(({ metadata }) => metadata);
  const grows = settings.some(({ from, to }) => (amount(to) ?? 0) > (amount(from) ?? 0));
  const demand = { namespace, pod, pods: desired, growth: { pods: surge, ...growth } };
  const names = new Set(own.map(({ name }) => name));
  const [ranges, autoscalers, usages, capacity] = await Promise.all([
    sight("limitranges", namespace, workloads, signal),
    autoscalersIn(namespace, workloads, signal),
    settings.some(({ setting }) => setting === "memory_limit")
      ? measured(namespace, names, workloads, signal)
      : [],
    grows
      ? capacityWarnings(
          { ...demand, leaving: new Set(own.map(({ uid }) => uid)) },
          workloads,
          signal,
        )
      : [],
  ]);
  const scalers = settings.some(({ setting }) => setting.endsWith("_request"))
    ? replicaOwners(workload, autoscalers)
    : [];
  return [
    ...measuredWarnings(after, usages),
    ...limitRangeWarnings(ranges.items, after),
    ...capacity,
    ...scalers.map(
      ({ by, name }) => `${by} ${name} may measure use against the request: its count may move.`,
    ),
  ];
}

/** What the pods use now; nothing where nobody measures, or the measuring is broken. */
async function measured(
  namespace: string,
  names: ReadonlySet<string>,
  workloads: Workloads,
  signal: AbortSignal,
): Promise<readonly Usage[]> {
  try {
    const { items } = await sight("podmetrics", namespace, workloads, signal);
    return items.map(readUsage).filter(({ name }) => names.has(name));
  } catch (error) {
    if (!(error instanceof OpsError) || error.code === "cancelled") throw error;
    return [];
  }
}
