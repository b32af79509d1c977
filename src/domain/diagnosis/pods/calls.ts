import type { NextCall } from "#domain/diagnosis/finding.ts";
import { lastRollout, mayCause } from "#domain/diagnosis/last-rollout.ts";
import type { WorkloadKind } from "#domain/kubernetes/object.ts";
import type { Workload } from "#domain/kubernetes/workload.ts";
import type { Part, Patient } from "./patient.ts";

type Next = { readonly next: NextCall };

const types: Readonly<Record<WorkloadKind, string>> = {
  deployments: "deployment",
  statefulsets: "statefulset",
  daemonsets: "daemonset",
};

/** The failed run's own last words. */
export function logsCall({ pod }: Patient, { spec, failure, status }: Part): Next {
  const { name, namespace = "" } = pod.metadata;
  const ended = failure !== undefined && status.state.terminated === undefined;
  const previous = ended ? { previous: true } : {};
  return {
    next: { tool: "kubectl_logs", args: { name, namespace, container: spec.name, ...previous } },
  };
}

/** Back to the template before, where there is one; else how it came about. */
export function undoCall(patient: Patient): Next {
  const workload = workloadOf(patient);
  if (workload === undefined) return podCall(patient);
  const release = workload.metadata.annotations["meta.helm.sh/release-name"];
  const { namespace } = workload;
  if (release !== undefined)
    return { next: { tool: "helm_rollback", args: { release, namespace } } };
  const first = workload.kind === "deployments" && !lastRollout(workload, patient.snapshot);
  const tool = first ? "kubectl_rollout_history" : "kubectl_rollout_undo";
  return { next: { tool, args: argsOf(workload) } };
}

/** Back to the template before when the fault began with the present one, else something that is no change. */
export function undoOr(patient: Patient, since: Date | undefined, otherwise: Next): Next {
  const workload = workloadOf(patient);
  const rollout = workload && lastRollout(workload, patient.snapshot);
  return rollout && since && mayCause(rollout, since) ? undoCall(patient) : otherwise;
}

/** Other limits or requests for the workload that runs the pod. */
export function resourcesCall(patient: Patient, container: string): Next {
  const workload = workloadOf(patient);
  if (workload === undefined) return podCall(patient);
  return { next: { tool: "kubectl_set_resources", args: { ...argsOf(workload), container } } };
}

function workloadOf({ scope, pod }: Patient): Workload | undefined {
  const here = scope.workloads.filter(({ namespace }) => namespace === pod.metadata.namespace);
  return here.find(({ name }) => pod.metadata.name.startsWith(`${name}-`)) ?? here[0];
}

function argsOf({ kind, name, namespace }: Workload) {
  return { resource_type: types[kind], name, namespace };
}

/** The pod itself, in detail. */
export function podCall({ pod }: Patient): Next {
  const { name, namespace = "" } = pod.metadata;
  return { next: { tool: "kubectl_get", args: { resource_type: "pods", name, namespace } } };
}

/** A listing of one kind in the pod's namespace. */
export function getCall({ pod }: Patient, resource_type: string): Next {
  const { namespace = "" } = pod.metadata;
  return { next: { tool: "kubectl_get", args: { resource_type, namespace } } };
}

/** A Service that the pod needs, as the next thing to look at. */
export function serviceCall({ pod }: Patient, name: string): Next {
  const { namespace = "" } = pod.metadata;
  return {
    next: { tool: "diagnose_workload", args: { resource_type: "service", name, namespace } },
  };
}

/** The node that the pod runs on, or all of them. */
export function nodesCall({ pod }: Patient): Next {
  const { nodeName } = pod.spec;
  const one = nodeName === "" ? {} : { name: nodeName };
  return { next: { tool: "kubectl_get", args: { resource_type: "nodes", ...one } } };
}
