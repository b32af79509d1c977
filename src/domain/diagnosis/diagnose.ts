import { warningsAbout } from "#domain/kubernetes/events.ts";
import type { ResourceKind } from "#domain/kubernetes/object.ts";
import { gitOpsOwners } from "#domain/kubernetes/ownership.ts";
import { placeOf } from "#domain/kubernetes/places.ts";
import { podState } from "#domain/kubernetes/pods.ts";
import { kindWord, type Workload, workloadLabel } from "#domain/kubernetes/workload.ts";
import { count } from "#domain/text/table.ts";
import { quoted } from "#domain/text/untrusted.ts";
import { MINUTE } from "#domain/window.ts";
import { crossedPolicies } from "./crossed-policies.ts";
import type { Finding } from "./finding.ts";
import { heldObjects } from "./held.ts";
import { type LastRollout, lastRollout, mayCause } from "./last-rollout.ts";
import { objectAnalyzers } from "./objects/index.ts";
import { podAnalyzers } from "./pods/index.ts";
import { rank } from "./rank.ts";
import { eventsOf } from "./read-once.ts";
import type { Scope } from "./scope.ts";
import type { Snapshot } from "./snapshot.ts";

/** A person reads no more of them at once. */
const MOST = 5;

/**
 * `starting`: not all is ready, and what is not is younger than two minutes. `unclear`: something is not well, and
 * nothing that was read explains it.
 */
export const states = ["healthy", "starting", "sick", "unclear"] as const;

export interface Diagnosis {
  readonly state: (typeof states)[number];
  /** What is at the root first. */
  readonly findings: readonly Finding[];
  readonly leftOut: number;
  /** Newest rollouts after which the first finding began, and that may have brought it. */
  readonly changed: readonly LastRollout[];
  /** What was looked at, as `3 pods`. */
  readonly checked: readonly string[];
  /** What is not well, as `Pod data/web-1 is Pending`; of a healthy subject nothing. */
  readonly unwell: readonly string[];
}

/** What is wrong with the scope, and why. */
export function diagnose(scope: Scope, snapshot: Snapshot): Diagnosis {
  const analyzers = [...podAnalyzers, ...objectAnalyzers, heldObjects, crossedPolicies];
  const found = rank(
    analyzers.flatMap((analyze) => analyze(scope, snapshot)),
    subjectLabel(scope),
  );
  const unwell = unwellIn(scope, snapshot);
  return {
    state: stateOf(found, unwell, scope, snapshot.now),
    findings: found.slice(0, MOST).map((finding) => withOwner(finding, scope)),
    leftOut: Math.max(0, found.length - MOST),
    changed: changedBefore(found[0], scope, snapshot),
    checked: checkedIn(scope),
    unwell,
  };
}

function changedBefore(
  finding: Finding | undefined,
  { workloads }: Scope,
  snapshot: Snapshot,
): readonly LastRollout[] {
  const since = finding?.since;
  if (since === undefined) return [];
  return workloads
    .map((workload) => lastRollout(workload, snapshot))
    .filter((rollout) => rollout !== undefined)
    .filter((rollout) => mayCause(rollout, since));
}

/** Changes of the pod template, which whoever applies it from elsewhere takes back. */
const CHANGES: ReadonlySet<string> = new Set([
  "kubectl_rollout_undo",
  "kubectl_set_resources",
  "kubectl_set_image",
  "helm_rollback",
]);

function withOwner(finding: Finding, { workloads }: Scope): Finding {
  const workload = workloads.find((each) => gitOpsOwners(each).length > 0);
  const [owner] = workload ? gitOpsOwners(workload) : [];
  if (!workload || !owner || !CHANGES.has(finding.next?.tool ?? "")) return finding;
  const { kind, name, namespace } = workload;
  const resource_type = kindWord(kind).toLowerCase();
  return {
    ...finding,
    remedy: `${finding.remedy} ${owner.by} ${owner.name} applies it from elsewhere: change it there, here it is taken back.`,
    next: { tool: "kubectl_rollout_history", args: { resource_type, name, namespace } },
  };
}

/** `Deployment data/web`, as findings name it. */
export function subjectLabel({ subject, object }: Scope): string {
  const { namespace, name } = object.metadata;
  const { kind } = placeOf(subject.kind);
  return namespace === undefined ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
}

function stateOf(
  found: readonly Finding[],
  unwell: readonly string[],
  scope: Scope,
  now: Date,
): Diagnosis["state"] {
  if (found.length > 0) return "sick";
  if (unwell.length === 0) return "healthy";
  return isStarting(scope, now) ? "starting" : "unclear";
}

/** An ordinary start is over by then. */
const START = 2 * MINUTE;

function isStarting(scope: Scope, now: Date): boolean {
  const unready = unreadyPods(scope, now);
  return (
    unready.length > 0 &&
    unready.every(({ pod, state }) => {
      const age = now.getTime() - Date.parse(pod.metadata.creationTimestamp ?? "");
      return state.health === "waiting" && age < START;
    })
  );
}

/** Pods that should be well. What is Failed beside a workload was replaced by it. */
function unreadyPods({ workloads, pods }: Scope, now: Date) {
  return pods
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    .filter(({ status }) => workloads.length === 0 || status.phase !== "Failed")
    .map((pod) => ({ pod, state: podState(pod, now) }))
    .filter(({ state }) => state.health !== "well");
}

/** What was last said of a pod, in the words of whoever said it. */
function lastWarning(namespace: string, name: string, snapshot: Snapshot): string {
  const own = eventsOf(snapshot).filter(
    (event) => event.object === `Pod/${name}` && event.namespace === namespace,
  );
  const [newest] = warningsAbout(new Set([name]), own);
  return newest ? `; ${newest.reason}: ${quoted(newest.message, 200)}` : "";
}

function unwellIn(scope: Scope, snapshot: Snapshot): readonly string[] {
  const lacking = scope.workloads
    .filter(({ ready, desired }) => ready < desired)
    .map((each) => `${workloadLabel(each)} has ${each.ready} of ${each.desired} replicas ready`);
  const pods = unreadyPods(scope, snapshot.now).map(
    ({ state: { namespace, name, status, age } }) =>
      `Pod ${namespace}/${name} is ${status} (${age} old${lastWarning(namespace, name, snapshot)})`,
  );
  return [...asleep(scope), ...lacking, ...pods];
}

/** Who asks for a Service or an Ingress wants an answer. */
function asleep({ subject, workloads }: Scope): readonly string[] {
  if (subject.kind !== "services" && subject.kind !== "ingresses") return [];
  return workloads
    .filter(({ desired }) => desired === 0)
    .map((workload) => `${workloadLabel(workload)} is scaled to zero and answers nothing`);
}

const countedKinds: readonly (readonly [ResourceKind, string, string?])[] = [
  ["jobs", "job"],
  ["nodes", "node"],
  ["services", "service"],
  ["ingresses", "ingress", "ingresses"],
  ["horizontalpodautoscalers", "autoscaler"],
  ["poddisruptionbudgets", "disruption budget"],
  ["networkpolicies", "network policy", "network policies"],
  ["persistentvolumeclaims", "volume claim"],
];

function checkedIn(scope: Scope): readonly string[] {
  const { workloads, pods } = scope;
  const around = countedKinds.flatMap(([kind, one, many]) => {
    const { length } = scope.of(kind);
    return length === 0 ? [] : [count(length, one, many)];
  });
  return [...workloads.map(shownWorkload), count(pods.length, "pod"), ...around];
}

function shownWorkload(workload: Workload): string {
  return `${workloadLabel(workload)}${workload.desired === 0 ? " (scaled to zero)" : ""}`;
}
