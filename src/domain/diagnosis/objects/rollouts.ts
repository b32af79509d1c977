import type { Finding } from "#domain/diagnosis/finding.ts";
import type { Analyzer } from "#domain/diagnosis/scope.ts";
import { kindWord, type Workload } from "#domain/kubernetes/workload.ts";
import { conditionEvidence, label, sinceOf } from "./scoped.ts";

/** The Deployment's controller gives up on progress: condition Progressing False, ProgressDeadlineExceeded. */
export const rolloutDeadline: Analyzer = ({ workloads }) =>
  workloads.flatMap((workload): readonly Finding[] => {
    const late = workload.conditions.find(({ reason }) => reason === "ProgressDeadlineExceeded");
    if (late === undefined) return [];
    const object = label(kindWord(workload.kind), workload);
    const { updated, available, desired } = workload;
    return [
      {
        cause: "rollout_deadline",
        confidence: "certain",
        summary: `${object} made no progress within its deadline: ${updated} of ${desired} replicas updated, ${available} available.`,
        evidence: [conditionEvidence(object, late)],
        ...sinceOf(late.lastTransitionTime ?? late.lastUpdateTime),
        affected: [object],
        remedy: "Find what holds the new pods up, or go back to the revision before.",
        next: statusCall(workload),
      },
    ];
  });

/** Paused with a template that its pods do not run yet. Paused and rolled out is nobody's trouble. */
export const rolloutPaused: Analyzer = ({ workloads }) =>
  workloads.flatMap((workload): readonly Finding[] => {
    const { paused, updated, desired } = workload;
    if (!paused || updated >= desired) return [];
    const object = label(kindWord(workload.kind), workload);
    const said = workload.conditions.find(({ reason }) => reason === "DeploymentPaused");
    const evidence = { object, field: "spec.paused", value: "true" };
    return [
      {
        cause: "rollout_paused",
        confidence: "certain",
        summary: `The rollout of ${object} is paused: ${updated} of ${desired} replicas run the newest template.`,
        evidence: [evidence, ...(said ? [conditionEvidence(object, said)] : [])],
        ...sinceOf(said?.lastTransitionTime),
        affected: [object],
        remedy: "Ask who paused it and why, then resume it.",
        next: statusCall(workload),
      },
    ];
  });

const types = {
  deployments: "deployment",
  statefulsets: "statefulset",
  daemonsets: "daemonset",
} as const;

export function statusCall({ kind, name, namespace }: Workload) {
  return {
    tool: "kubectl_rollout_status",
    args: { resource_type: types[kind], name, namespace },
  };
}
