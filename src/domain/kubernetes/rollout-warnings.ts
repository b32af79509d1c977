import { OpsError } from "#errors.ts";
import { type RolloutFacts, rolloutState } from "./rollout.ts";
import { type Workload, workloadLabel } from "./workload.ts";

/** Throws for a paused workload: another template would change none of its pods. */
export function refusePaused(workload: Workload): void {
  if (!workload.paused) return;
  const label = workloadLabel(workload);
  throw new OpsError(
    "refused",
    `${label} is paused: its pods would not change until somebody resumes it.`,
    "Find out who paused it and why; kubectl_rollout_pause with paused false resumes it.",
  );
}

/** What keeps another template from reaching all pods, or happens already. */
export function rolloutWarnings(workload: Workload, facts: RolloutFacts): readonly string[] {
  const { strategy, partition } = workload;
  const label = workloadLabel(workload);
  const { state, why } = rolloutState(workload, facts);
  return [
    ...(state === "done" ? [] : [`A rollout of ${label} is ${state}: ${why}`]),
    ...(workload.kind === "statefulsets" && state === "stuck"
      ? [
          `${label} waits for its broken pod even with another template: evict it afterwards (kubectl_evict_pod).`,
        ]
      : []),
    ...(strategy === "OnDelete"
      ? [`${label} has the strategy OnDelete: a pod changes when somebody deletes it.`]
      : []),
    ...(strategy !== "OnDelete" && partition > 0
      ? [`${label} has a partition: pods with an ordinal below ${partition} stay as they are.`]
      : []),
  ];
}
