import type { Owner } from "#domain/approvals/action.ts";
import { isObject, type Json, toJson } from "#domain/json.ts";
import { OpsError } from "#errors.ts";
import type { KubeObject } from "./object.ts";
import { gitOpsOwners } from "./ownership.ts";
import { type PodState, podState } from "./pods.ts";
import { type RolloutFacts, rolloutState } from "./rollout.ts";
import { currentPods, kindWord, type Workload, workloadLabel } from "./workload.ts";

/** What `kubectl rollout restart` writes; RFC 3339, to the second. */
const RESTARTED_AT = "kubectl.kubernetes.io/restartedAt";

/** When the pod template was last restarted; empty when it never was. */
export function restartedAt({ template }: Workload): string {
  return template.metadata.annotations[RESTARTED_AT] ?? "";
}

/** The one field that a restart changes. */
export function restartDiff(workload: Workload): string {
  const was = restartedAt(workload) || "not set";
  return `${kindWord(workload.kind)} ${workload.name}\n  spec.template.metadata.annotations["${RESTARTED_AT}"]: ${was} → now`;
}

/** Whether the template carries the restart of that moment. */
export function restartedThen(workload: Workload, at: Date): boolean {
  const seconds = (time: number) => Math.floor(time / 1000);
  const seen = Date.parse(restartedAt(workload));
  return seconds(seen) === seconds(at.getTime());
}

/** The pod template as the API serves it: equal templates restart into equal pods. */
export function rawTemplate(object: KubeObject): Json {
  return isObject(object.spec) ? toJson(object.spec.template) : null;
}

/** Throws when a restart would do nothing. */
export function refuseIdleRestart(workload: Workload): void {
  const label = workloadLabel(workload);
  if (workload.paused) {
    throw new OpsError(
      "refused",
      `${label} is paused: a restart would do nothing until somebody resumes it.`,
      `Find out who paused it and why; \`kubectl rollout resume ${label}\` lets it go on.`,
    );
  }
  if (workload.strategy === "OnDelete") {
    throw new OpsError(
      "refused",
      `${label} has the strategy OnDelete: its pods restart only when somebody deletes them.`,
      "A person deletes its pods one by one.",
    );
  }
  if (workload.desired === 0) {
    const message = `${label} is scaled to zero: there is nothing to restart.`;
    throw new OpsError("no_change", message, "Scale it up instead.");
  }
}

/** Why a restart may not help, or may hurt. */
export function restartWarnings(workload: Workload, facts: RolloutFacts): readonly string[] {
  const { replicaSets, pods, now } = facts;
  const label = workloadLabel(workload);
  const states = currentPods(workload, replicaSets, pods).map((pod) => podState(pod, now));
  return [
    ...underWay(workload, facts),
    ...hopeless(label, states),
    ...(workload.partition > 0
      ? [
          `${label} has a partition: pods with an ordinal below ${workload.partition} stay as they are.`,
        ]
      : []),
    `${label} comes back with the same image and configuration: a restart clears state and removes no cause.`,
  ];
}

function underWay(workload: Workload, facts: RolloutFacts): readonly string[] {
  const { state, why } = rolloutState(workload, facts);
  return state === "done" ? [] : [`A rollout of ${workloadLabel(workload)} is ${state}: ${why}`];
}

/** Failures that come back with every new pod. */
const HOPELESS: readonly (readonly [RegExp, string])[] = [
  [
    /ImagePull|ImageName|ImageInspect/,
    "the image cannot be pulled, and new pods need the same one",
  ],
  [/CreateContainerConfigError/, "its configuration names something that does not exist"],
  [
    /CrashLoopBackOff|Error|OOMKilled|ExitCode|Signal/,
    "pods crash, and new ones start from the same template",
  ],
  [/^Pending$/, "the scheduler finds no node, for new pods neither"],
];

function hopeless(label: string, states: readonly PodState[]): readonly string[] {
  const failing = states.filter(({ health }) => health === "failing");
  const found = HOPELESS.filter(([status]) => failing.some((state) => status.test(state.status)));
  return found.slice(0, 1).map(([, why]) => `A restart of ${label} is unlikely to help: ${why}.`);
}

/** Controllers that take a restart back. Argo CD does not: its own restart writes the same annotation. */
export function restartOwners(workload: Workload): readonly Owner[] {
  return gitOpsOwners(workload).filter(({ by }) => by !== "Argo CD");
}

/** What a restart does to the pods. */
export function restartImpact(workload: Workload): string {
  const { strategy, desired } = workload;
  if (desired === 0) return `${workloadLabel(workload)} is scaled to zero: no pod is replaced.`;
  const pods = desired === 1 ? "the one pod" : `the ${desired} pods`;
  const manner = strategy === "Recreate" ? "all at once: none serves meanwhile" : "step by step";
  return `Replaces ${pods} of ${workloadLabel(workload)}, ${manner}.`;
}
