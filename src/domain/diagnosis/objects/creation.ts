import type { Evidence, Finding } from "#domain/diagnosis/finding.ts";
import type { Analyzer, Scope } from "#domain/diagnosis/scope.ts";
import type { Snapshot } from "#domain/diagnosis/snapshot.ts";
import type { KubeObject, ResourceKind } from "#domain/kubernetes/object.ts";
import { kindWord, type Workload } from "#domain/kubernetes/workload.ts";
import { MINUTE } from "#domain/window.ts";
import { readConditions } from "./conditions.ts";
import { conditionEvidence, eventEvidence, eventsAbout, label, scoped } from "./scoped.ts";

/** An object whose pods the API server refuses, in its own words. */
export interface Refusal {
  /** `Deployment data/web`. */
  readonly owner: string;
  /** What the API server said; untrusted text. */
  readonly message: string;
  readonly since?: Date;
  /** Pods of an older template still run: a rollout is held up, not the first start. */
  readonly rolling: boolean;
  readonly evidence: readonly Evidence[];
}

/** Reads one reason of refusal out of a message; nothing when it is another's. */
export type Reason = (
  refusal: Refusal,
  scope: Scope,
  snapshot: Snapshot,
) =>
  | (Omit<Finding, "evidence" | "affected" | "since"> & {
      readonly evidence?: readonly Evidence[];
    })
  | undefined;

/**
 * An analyzer of pods that cannot be created. Controllers say so in the condition ReplicaFailure (reason
 * FailedCreate) of Deployment and ReplicaSet, and in events of reason FailedCreate about ReplicaSet, StatefulSet,
 * DaemonSet and Job. An event counts only while pods are still lacking.
 */
export function refusedBy(reason: Reason): Analyzer {
  return (scope, snapshot) => {
    const [refusal, found] = first(refusals(scope, snapshot), (each) =>
      reason(each, scope, snapshot),
    );
    if (!refusal || !found) return [];
    const { owner, since } = refusal;
    const evidence = [...refusal.evidence, ...(found.evidence ?? [])];
    return [{ ...found, evidence, affected: [owner], ...(since ? { since } : {}) }];
  };
}

function first<A, B>(all: readonly A[], read: (each: A) => B | undefined): [A?, B?] {
  for (const each of all) {
    const found = read(each);
    if (found !== undefined) return [each, found];
  }
  return [];
}

export function refusals(scope: Scope, snapshot: Snapshot): readonly Refusal[] {
  const sets = snapshot.of("replicasets");
  return [
    ...scope.workloads.flatMap((workload) => ofWorkload(workload, sets, snapshot)),
    ...scoped(scope, "jobs").flatMap((job) => ofJob(job, snapshot)),
  ];
}

function ofWorkload(
  workload: Workload,
  sets: readonly KubeObject[],
  snapshot: Snapshot,
): readonly Refusal[] {
  const { desired, current, updated, metadata } = workload;
  const rolling = current > 0 && updated < desired && current > updated;
  if (current >= desired && !rolling) return [];
  const own = sets.filter((set) => isOwned(set, metadata.uid));
  const word = kindWord(workload.kind);
  const owner = label(word, workload);
  const names = [
    `${word}/${workload.name}`,
    ...own.map((set) => `ReplicaSet/${set.metadata.name}`),
  ];
  const said = saidOf(workload, own);
  return refusalOf(owner, names, said, rolling, snapshot);
}

/** The Deployment's own condition, or that of its ReplicaSet. */
function saidOf(workload: Workload, sets: readonly KubeObject[]): readonly Evidence[] {
  const objects = [
    { name: label(kindWord(workload.kind), workload), conditions: workload.conditions },
    ...sets.map((set) => ({ name: label("ReplicaSet", set), conditions: readConditions(set) })),
  ];
  return objects.flatMap(({ name, conditions }) =>
    conditions
      .filter(({ type, status }) => type === "ReplicaFailure" && status === "True")
      .map((condition) => conditionEvidence(name, condition)),
  );
}

function ofJob(job: KubeObject, snapshot: Snapshot): readonly Refusal[] {
  const { name } = job.metadata;
  const finished = readConditions(job).some(
    ({ type, status }) => ["Complete", "Failed"].includes(type) && status === "True",
  );
  if (finished || snapshot.of("pods").some((pod) => isOwned(pod, job.metadata.uid))) return [];
  return refusalOf(label("Job", job), [`Job/${name}`], [], false, snapshot);
}

function refusalOf(
  owner: string,
  names: readonly string[],
  said: readonly Evidence[],
  rolling: boolean,
  snapshot: Snapshot,
): readonly Refusal[] {
  const events = eventsAbout(snapshot, new Set(names)).filter(
    ({ reason, type, lastAt }) =>
      reason === "FailedCreate" && type === "Warning" && isRecent(lastAt, snapshot.now),
  );
  const evidence = [...said.slice(0, 1), ...events.slice(0, 1).map(eventEvidence)];
  if (evidence.length === 0) return [];
  const starts = [...said.map(({ at }) => at), ...events.map(({ firstAt }) => firstAt)];
  const since = starts.filter((at) => at !== undefined).sort((a, b) => +a - +b)[0];
  const message = evidence.map(({ value }) => value).join("\n");
  return [{ owner, message, rolling, evidence, ...(since ? { since } : {}) }];
}

/** Controllers try again after longer and longer waits, of 17 minutes in the end. */
const RETRY = 30 * MINUTE;

function isRecent(at: Date, now: Date): boolean {
  return now.getTime() - at.getTime() < RETRY;
}

function isOwned({ metadata }: KubeObject, uid: string): boolean {
  return uid !== "" && metadata.ownerReferences.some((owner) => owner.uid === uid);
}

/** Lists objects of one kind of the subject's namespace: the usual next step. */
export function listCall(scope: Scope, kind: ResourceKind) {
  const { namespace = "default" } = scope.object.metadata;
  return { tool: "kubectl_get", args: { resource_type: kind, namespace } };
}
