import { count } from "#domain/text/table.ts";
import { type KubeEvent, warningsAbout } from "./events.ts";
import type { Pod } from "./pod.ts";
import { type PodState, podState } from "./pods.ts";
import { currentPods, podsOf, type ReplicaSet, replicaSetsOf, type Workload } from "./workload.ts";

/** What was read around a workload. More than its own objects may be among them. */
export interface RolloutFacts {
  readonly replicaSets: readonly ReplicaSet[];
  readonly pods: readonly Pod[];
  readonly events: readonly KubeEvent[];
  readonly now: Date;
}

export interface RolloutState {
  readonly state: "done" | "progressing" | "stuck";
  /** In our own words and the API's reasons: no text of others. */
  readonly why: string;
  readonly desired: number;
  readonly updated: number;
  readonly ready: number;
  readonly available: number;
  readonly evidence: RolloutEvidence;
}

export interface RolloutEvidence {
  /** Pods that are not well, those of the current template first. */
  readonly pods: readonly PodState[];
  /** Newest revision first, without the long empty ones. */
  readonly replicaSets: readonly ReplicaSet[];
  /** Merged warnings about the workload, its ReplicaSets and its pods. */
  readonly events: readonly KubeEvent[];
}

/** Where the rollout stands, by the rules of `kubectl rollout status`, and what holds it up. */
export function rolloutState(workload: Workload, facts: RolloutFacts): RolloutState {
  const { desired, updated, ready, available } = workload;
  const evidence = rolloutEvidence(workload, facts);
  return { ...verdict(workload, facts), desired, updated, ready, available, evidence };
}

type Verdict = Pick<RolloutState, "state" | "why">;

function verdict(workload: Workload, facts: RolloutFacts): Verdict {
  const remaining = unfinished(workload);
  if (remaining === undefined) return { state: "done", why: doneText(workload) };
  const obstacle = observed(workload) ? obstacleOf(workload, facts) : undefined;
  return obstacle
    ? { state: "stuck", why: `${obstacle} ${remaining}` }
    : { state: "progressing", why: remaining };
}

function doneText({ strategy, partition, desired, updated, available }: Workload): string {
  if (strategy !== "OnDelete" && partition > 0) {
    return `The partitioned rollout is complete: ${updated} of ${desired} run the new template, ordinals below ${partition} keep the old one.`;
  }
  return desired === 0
    ? "It is scaled to zero."
    : `All ${count(desired, "replica")} run the current template; ${available} available.`;
}

/** What is still to happen; `undefined` when kubectl would call the rollout complete. */
function unfinished(workload: Workload): string | undefined {
  if (!observed(workload)) return "The controller has not yet seen the latest change.";
  return workload.kind === "statefulsets" ? orderedRemains(workload) : replicasRemain(workload);
}

function observed({ observedGeneration, generation }: Workload): boolean {
  return observedGeneration >= generation;
}

function replicasRemain({
  desired,
  current,
  updated,
  available,
  kind,
}: Workload): string | undefined {
  if (updated < desired) return `${updated} of ${desired} replicas run the new template.`;
  if (kind === "deployments" && current > updated) {
    return `${count(current - updated, "replica")} of an old template still to end.`;
  }
  return available < desired ? `${available} of ${desired} replicas are available.` : undefined;
}

function orderedRemains(workload: Workload): string | undefined {
  const { desired, ready, updated, partition, strategy } = workload;
  const wanted = strategy === "OnDelete" ? desired : Math.max(0, desired - partition);
  if (updated < wanted) return `${updated} of ${wanted} pods run the new template.`;
  return ready < desired ? `${ready} of ${desired} pods are ready.` : undefined;
}

/** Why it will not go on by itself. */
function obstacleOf(workload: Workload, facts: RolloutFacts): string | undefined {
  if (workload.paused) return "It is paused: nothing moves until somebody resumes it.";
  if (waitsForDeletion(workload)) {
    return "Its strategy is OnDelete: a pod takes the new template when somebody deletes it.";
  }
  return podObstacle(workload, facts) ?? conditionObstacle(workload);
}

function waitsForDeletion({ strategy, updated, desired, kind }: Workload): boolean {
  return kind !== "deployments" && strategy === "OnDelete" && updated < desired;
}

function podObstacle(workload: Workload, facts: RolloutFacts): string | undefined {
  const { replicaSets, pods, now } = facts;
  const states = currentPods(workload, replicaSets, pods).map((pod) => podState(pod, now));
  const failing = states.filter(({ health }) => health === "failing");
  if (failing.length === 0) return undefined;
  return `${failing.length} of ${count(states.length, "pod")} of the current template: ${reasons(failing)}.`;
}

function reasons(failing: readonly PodState[]): string {
  return [...new Set(failing.map(reasonText))].join(", ");
}

/** A crash loop is told with how the last run ended. */
function reasonText({ status, lastExit }: PodState): string {
  if (status === "Pending") return "unschedulable";
  const ended =
    lastExit && ` (last exit ${lastExit.code}${lastExit.reason && ` ${lastExit.reason}`})`;
  return `${status}${ended ?? ""}`;
}

function conditionObstacle({ conditions }: Workload): string | undefined {
  const failure = conditions.find(
    ({ type, status }) => type === "ReplicaFailure" && status === "True",
  );
  if (failure) return `Pods cannot be created: ${failure.reason}.`;
  const late = conditions.some(({ reason }) => reason === "ProgressDeadlineExceeded");
  return late ? "It made no progress within its deadline (ProgressDeadlineExceeded)." : undefined;
}

function rolloutEvidence(workload: Workload, facts: RolloutFacts): RolloutEvidence {
  const { replicaSets, pods, events, now } = facts;
  const current = new Set(currentPods(workload, replicaSets, pods));
  const own = podsOf(workload, replicaSets, pods);
  const ordered = [...current, ...own.filter((pod) => !current.has(pod))];
  const sets = replicaSetsOf(workload, replicaSets);
  const names = [workload, ...sets.map(named), ...own.map(named)].map(({ name }) => name);
  return {
    pods: ordered.map((pod) => podState(pod, now)).filter(({ health }) => health !== "well"),
    replicaSets: sets.filter(
      ({ spec, status }, index) => index === 0 || spec.replicas + status.replicas > 0,
    ),
    events: warningsAbout(new Set(names), events),
  };
}

function named({ metadata }: { readonly metadata: { readonly name: string } }) {
  return metadata;
}
