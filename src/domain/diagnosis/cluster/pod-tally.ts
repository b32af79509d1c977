import type { KubeObject } from "#domain/kubernetes/object.ts";
import { type Pod, readPod } from "#domain/kubernetes/pod.ts";
import { type PodState, podState, unschedulable } from "#domain/kubernetes/pods.ts";
import { type Owner, topOwner } from "#domain/kubernetes/top-owner.ts";
import { HOUR, MINUTE } from "#domain/window.ts";

/** Abnormal pods of one workload for one reason. */
export interface PodGroup {
  /** `CrashLoopBackOff, last exit 137 OOMKilled`: kubectl's word and the API's reasons. */
  readonly reason: string;
  readonly namespace: string;
  readonly owner: Owner;
  readonly pods: number;
  /** One of the pods. */
  readonly example: string;
}

export interface Counted {
  readonly name: string;
  readonly pods: number;
}

/** Pods of a cluster, counted. Most first everywhere. */
export interface PodCounts {
  readonly total: number;
  readonly abnormal: number;
  /** Pods that failed over an hour ago and were left lying: nobody waits for them. */
  readonly leftovers: number;
  readonly groups: readonly PodGroup[];
  readonly byReason: readonly Counted[];
  /** Abnormal pods by their node; those without a node are not among them. */
  readonly byNode: readonly Counted[];
  readonly byNamespace: readonly Counted[];
  /** Pods by node that a drain would have to move: all but those of DaemonSets. */
  readonly movable: ReadonlyMap<string, number>;
  readonly namespaces: number;
  readonly ending: number;
}

/** Takes pods page by page and keeps counts alone. */
export interface PodTally {
  add(pods: readonly KubeObject[]): void;
  result(): PodCounts;
}

export function podTally(now: Date): PodTally {
  const open: Open = {
    groups: new Map(),
    byReason: counter(),
    byNode: counter(),
    byNamespace: counter(),
    movable: counter(),
    all: counter(),
    leftovers: 0,
    ending: 0,
  };
  return {
    add(pods) {
      for (const pod of pods) take(open, readPod(pod), now);
    },
    result: () => counted(open),
  };
}

interface Open {
  readonly groups: Map<string, PodGroup>;
  readonly byReason: Counter;
  readonly byNode: Counter;
  readonly byNamespace: Counter;
  readonly movable: Counter;
  /** Every pod, by namespace. */
  readonly all: Counter;
  leftovers: number;
  ending: number;
}

function take(open: Open, pod: Pod, now: Date): void {
  const { metadata, spec } = pod;
  const owner = topOwner(metadata) ?? { kind: "Pod", name: metadata.name };
  const state = podState(pod, now);
  open.all.add(state.namespace);
  if (metadata.deletionTimestamp !== undefined) open.ending += 1;
  if (isMovable(pod, owner)) open.movable.add(spec.nodeName);
  if (isLeftover(pod, now)) open.leftovers += 1;
  else if (isAbnormal(pod, state, now)) takeAbnormal(open, pod, owner, reasonOf(pod, state));
}

function takeAbnormal(open: Open, { metadata, spec }: Pod, owner: Owner, reason: string): void {
  const { name, namespace = "" } = metadata;
  const key = [namespace, owner.kind, owner.name, reason].join("\n");
  const known = open.groups.get(key) ?? { reason, namespace, owner, example: name, pods: 0 };
  open.groups.set(key, { ...known, pods: known.pods + 1 });
  open.byReason.add(reason);
  open.byNode.add(spec.nodeName);
  open.byNamespace.add(namespace);
}

function counted({ groups, byReason, byNode, byNamespace, ...open }: Open): PodCounts {
  return {
    total: sum(open.all.result()),
    abnormal: sum([...groups.values()]),
    leftovers: open.leftovers,
    groups: [...groups.values()].sort((a, b) => b.pods - a.pods),
    byReason: byReason.result(),
    byNode: byNode.result().filter(({ name }) => name !== ""),
    byNamespace: byNamespace.result(),
    movable: open.movable.counts,
    namespaces: open.all.counts.size,
    ending: open.ending,
  };
}

function sum(all: readonly { readonly pods: number }[]): number {
  return all.reduce((total, { pods }) => total + pods, 0);
}

type Counter = ReturnType<typeof counter>;

function counter() {
  const counts = new Map<string, number>();
  return {
    counts,
    add: (name: string) => counts.set(name, (counts.get(name) ?? 0) + 1),
    result: (): readonly Counted[] =>
      [...counts].map(([name, pods]) => ({ name, pods })).sort((a, b) => b.pods - a.pods),
  };
}

function isMovable({ status, metadata }: Pod, { kind }: Owner): boolean {
  const alive = !["Succeeded", "Failed"].includes(status.phase);
  return alive && metadata.deletionTimestamp === undefined && kind !== "DaemonSet";
}

/** Most pods are up within this time: until then waiting is no trouble. */
const PATIENCE = 3 * MINUTE;
/** A pod that runs may be between two crashes. */
const RESTARTED = 30 * MINUTE;

function isAbnormal(pod: Pod, state: PodState, now: Date): boolean {
  if (state.health === "failing") return true;
  if (state.health === "waiting") return isOver(waitingSince(pod), PATIENCE, now);
  const { lastRestartAt } = state;
  const failed = state.lastExit !== undefined && state.lastExit.code !== 0;
  return failed && lastRestartAt !== undefined && !isOver(lastRestartAt, RESTARTED, now);
}

function isLeftover({ status, metadata }: Pod, now: Date): boolean {
  const ended = status.containerStatuses.flatMap(({ state }) => state.terminated?.finishedAt ?? []);
  const at = [...ended.sort()].pop() ?? metadata.creationTimestamp ?? "";
  return status.phase === "Failed" && isOver(new Date(at), HOUR, now);
}

/** Since it is not ready, or since it should have ended: deletionTimestamp counts its grace in. */
function waitingSince({ metadata, status }: Pod): Date {
  const ready = status.conditions.find(({ type }) => type === "Ready");
  const { deletionTimestamp, creationTimestamp } = metadata;
  const at = deletionTimestamp ?? ready?.lastTransitionTime ?? creationTimestamp;
  return new Date(at ?? 0);
}

function isOver(since: Date, span: number, now: Date): boolean {
  return now.getTime() - since.getTime() > span;
}

function reasonOf(pod: Pod, { status, health, lastExit }: PodState): string {
  if (unschedulable(pod) !== undefined) return "Unschedulable";
  const exit = lastExit && `last exit ${lastExit.code} ${lastExit.reason}`.trim();
  if (health === "well") return ["restarted lately", exit].join(", ");
  const word = status === "Running" ? "Running, not ready" : status;
  return exit && status !== "Terminating" ? `${word}, ${exit}` : word;
}
