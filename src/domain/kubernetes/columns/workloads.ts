import type { WorkloadKind } from "#domain/kubernetes/object.ts";
import type { Condition } from "#domain/kubernetes/pod.ts";
import { rolloutState } from "#domain/kubernetes/rollout.ts";
import {
  controllerOf,
  readReplicaSet,
  readWorkload,
  revisionOf,
  type Workload,
} from "#domain/kubernetes/workload.ts";
import { containerText, imagesText, readsText } from "./containers.ts";
import { cells, each, nameAndAge, pairs, type Row, type Rows, type View } from "./row.ts";

/** Deployments, StatefulSets and DaemonSets. */
export function workloadRows(kind: WorkloadKind): Rows {
  return each((object, view) => {
    const workload = readWorkload(kind, object);
    const { name, age } = nameAndAge(object, view);
    const { state, health } = judged(workload, view);
    return {
      state,
      health,
      cells: cells({
        name,
        status: state,
        ready: `${workload.ready}/${workload.desired}`,
        updated: workload.updated,
        available: workload.available,
        revision: revisionOf(workload.metadata) || undefined,
        conditions: unusual(workload.conditions, expected),
        images: imagesText(workload.template),
        age,
        ...(view.named ? details(workload) : {}),
      }),
    };
  });
}

function judged(workload: Workload, { now }: View): Pick<Row, "state" | "health"> {
  const { desired, available, updated } = workload;
  if (desired === 0) return { state: "Scaled to zero", health: "well" };
  if (available === 0) return { state: "Unavailable", health: "failing" };
  const facts = { replicaSets: [], pods: [], events: [], now };
  const { state } = rolloutState(workload, facts);
  if (state === "stuck") return { state: workload.paused ? "Paused" : "Stuck", health: "failing" };
  if (updated < desired) return { state: "Rolling out", health: "waiting" };
  if (available < desired) return { state: "Degraded", health: "failing" };
  return state === "done"
    ? { state: "Ready", health: "well" }
    : { state: "Rolling out", health: "waiting" };
}

const expected: Readonly<Record<string, string>> = {
  Available: "True",
  Progressing: "True",
  ReplicaFailure: "False",
};

/** Conditions whose status is not the healthy one, as `Available=False MinimumReplicasUnavailable`. */
export function unusual(
  conditions: readonly Condition[],
  healthy: Readonly<Record<string, string>>,
): string {
  return conditions
    .filter(({ type, status }) => healthy[type] !== undefined && healthy[type] !== status)
    .map(({ type, status, reason }) => `${type}=${status} ${reason}`.trim())
    .join("; ");
}

function details({ template, strategy, paused, selector }: Workload) {
  const { spec } = template;
  return {
    containers: [...spec.initContainers, ...spec.containers].map(containerText).join("; "),
    reads: readsText(template),
    strategy,
    paused: paused ? "yes" : undefined,
    selector: pairs(selector.matchLabels),
  };
}

export const replicaSetRows = each((object, view) => {
  const { metadata, spec, status } = readReplicaSet(object);
  const { name, age } = nameAndAge(object, view);
  const owner = controllerOf(metadata);
  const missing = spec.replicas > status.readyReplicas;
  const state = missing ? "Not ready" : spec.replicas > 0 ? "Ready" : "Scaled to zero";
  return {
    state,
    health: missing ? "failing" : "well",
    cells: cells({
      name,
      status: state,
      ready: `${status.readyReplicas}/${spec.replicas}`,
      revision: revisionOf(metadata) || undefined,
      owner: owner && `${owner.kind}/${owner.name}`,
      images: imagesText(spec.template),
      age,
      ...(view.named
        ? { containers: spec.template.spec.containers.map(containerText).join("; ") }
        : {}),
    }),
  };
});
