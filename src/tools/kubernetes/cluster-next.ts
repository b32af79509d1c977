import type { PodGroup } from "#domain/diagnosis/cluster/pod-tally.ts";
import type { Rollout } from "#domain/diagnosis/cluster/rollouts.ts";
import type { Where } from "#domain/diagnosis/cluster/where.ts";
import type { NextCall } from "#domain/diagnosis/finding.ts";
import type { ClusterFacts } from "./cluster-reads.ts";

/** Kinds of owners that can be diagnosed; of any other, one of its pods can. */
const types: ReadonlyMap<string, string> = new Map([
  ["Deployment", "deployment"],
  ["StatefulSet", "statefulset"],
  ["DaemonSet", "daemonset"],
  ["Job", "job"],
  ["CronJob", "cronjob"],
]);

/** So many workloads are worth a look of their own at once. */
const MOST = 2;

/** Calls that go on from here: the common place first, then the worst workloads. */
export function nextCalls(where: Where, { pods, rollouts }: ClusterFacts): readonly NextCall[] {
  if (where.place === "none") return rollouts.newest.slice(0, 1).map(history);
  return [...placeCalls(where), ...distinct(pods.groups).slice(0, MOST).map(diagnosis)];
}

/** Where nothing is sick, the newest change is the first suspect. */
function history({ namespace, deployment }: Rollout): NextCall {
  const args = { resource_type: "deployment", name: deployment, namespace };
  return { tool: "kubectl_rollout_history", args };
}

function placeCalls({ place, name = "" }: Where): readonly NextCall[] {
  if (place === "node") {
    return [{ tool: "kubectl_get", args: { resource_type: "nodes", name } }];
  }
  if (place !== "zone") return [];
  const label_selector = `topology.kubernetes.io/zone=${name}`;
  return [{ tool: "kubectl_get", args: { resource_type: "nodes", label_selector } }];
}

/** One group of each workload, the largest. */
function distinct(groups: readonly PodGroup[]): readonly PodGroup[] {
  const byOwner = Map.groupBy(
    groups,
    ({ namespace, owner }) => `${owner.kind} ${namespace}/${owner.name}`,
  );
  return [...byOwner.values()].flatMap((same) => same.slice(0, 1));
}

function diagnosis({ namespace, owner, example }: PodGroup): NextCall {
  const type = types.get(owner.kind);
  const subject =
    type === undefined
      ? { resource_type: "pod", name: example }
      : { resource_type: type, name: owner.name };
  return { tool: "diagnose_workload", args: { ...subject, namespace } };
}
