import type { NextCall } from "#domain/diagnosis/finding.ts";
import type { WorkloadKind } from "#domain/kubernetes/object.ts";
import type { Part, Patient } from "./patient.ts";

const types: Readonly<Record<WorkloadKind, string>> = {
  deployments: "deployment",
  statefulsets: "statefulset",
  daemonsets: "daemonset",
};

/** The failed run's own last words. */
export function logsCall({ pod }: Patient, { spec, failure }: Part): { readonly next: NextCall } {
  const { name, namespace = "" } = pod.metadata;
  const previous = failure === undefined ? {} : { previous: true };
  return {
    next: { tool: "kubectl_logs", args: { name, namespace, container: spec.name, ...previous } },
  };
}

/** Back to the template before, of the workload that runs the pod; its objects when nothing rolls it out. */
export function undoCall(patient: Patient): { readonly next: NextCall } {
  return workloadCall(patient, "kubectl_rollout_undo") ?? getCall(patient, "pods");
}

/** Other limits or requests for the workload that runs the pod. */
export function resourcesCall(patient: Patient, container: string): { readonly next: NextCall } {
  const found = workloadCall(patient, "kubectl_set_resources");
  if (found === undefined) return getCall(patient, "pods");
  const { tool, args } = found.next;
  return { next: { tool, args: { ...args, container } } };
}

function workloadCall(
  { scope, pod }: Patient,
  tool: string,
): { readonly next: NextCall } | undefined {
  const workload = scope.workloads.find(({ namespace }) => namespace === pod.metadata.namespace);
  if (workload === undefined) return undefined;
  const { kind, name, namespace } = workload;
  return { next: { tool, args: { resource_type: types[kind], name, namespace } } };
}

/** A listing of one kind in the pod's namespace. */
export function getCall({ pod }: Patient, resource_type: string): { readonly next: NextCall } {
  const { namespace = "" } = pod.metadata;
  return { next: { tool: "kubectl_get", args: { resource_type, namespace } } };
}

export const nodesCall: { readonly next: NextCall } = {
  next: { tool: "kubectl_get", args: { resource_type: "nodes" } },
};
