import type { Verification } from "#domain/approvals/action.ts";
import { count } from "#domain/text/table.ts";
import { isoSeconds } from "#domain/text/time.ts";
import { type PodState, podState } from "./pods.ts";
import { type RolloutFacts, rolloutState } from "./rollout.ts";
import { podsOf, type Workload, workloadLabel } from "./workload.ts";

export type Check = Verification["checks"][number];

/** Whether the workload is well, for the verification of a change that was applied at `since`. */
export function workloadHealth(
  workload: Workload,
  facts: RolloutFacts,
  since: Date,
): readonly Check[] {
  const states = podsOf(workload, facts.replicaSets, facts.pods)
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    .map((pod) => podState(pod, facts.now));
  const checks = [
    rolloutCheck(workload, facts),
    readyCheck(workload),
    failingCheck(states),
    restartCheck(states, since),
  ];
  return checks.map((check) => ({ ...check, name: `${workloadLabel(workload)}: ${check.name}` }));
}

function rolloutCheck(workload: Workload, facts: RolloutFacts): Check {
  const { state, why } = rolloutState(workload, facts);
  return { name: "rollout done", ok: state === "done", evidence: `${state}: ${why}` };
}

function readyCheck({ ready, desired }: Workload): Check {
  const evidence = `${ready} of ${desired} ready.`;
  return { name: "all replicas ready", ok: ready >= desired, evidence };
}

function failingCheck(states: readonly PodState[]): Check {
  const failing = states.filter(({ health }) => health === "failing");
  const evidence =
    failing.map(({ name, status }) => `${name} ${status}`).join(", ") ||
    `${count(states.length, "pod")}, none failing.`;
  return { name: "no pod failing", ok: failing.length === 0, evidence };
}

function restartCheck(states: readonly PodState[], since: Date): Check {
  const restarted = states.filter(({ lastRestartAt }) => lastRestartAt && lastRestartAt > since);
  const evidence =
    restarted.map(({ name, restarts }) => `${name} (${count(restarts, "restart")})`).join(", ") ||
    `No restart since ${isoSeconds(since)}.`;
  return { name: "no new restarts", ok: restarted.length === 0, evidence };
}
