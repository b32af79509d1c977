import { between, noise, suffix, uid } from "#sandbox/noise.ts";
import type { App, StoryRevision } from "./app.ts";
import { firstRun, nextRun, type Run } from "./runs.ts";
import { lets, type Trouble, troubleOf } from "./trouble.ts";

/** From a pod's creation to its container's start: scheduled, image there or pulled. */
export const START_MS = 2_000;
export const nodeNames = ["node-a", "node-b", "node-c"] as const;
export type NodeName = (typeof nodeNames)[number];

export function nodeAddress(name: NodeName): string {
  return `192.168.10.${11 + nodeNames.indexOf(name)}`;
}

export interface Pod {
  readonly app: App;
  readonly name: string;
  readonly uid: string;
  readonly hash: string;
  readonly source: StoryRevision;
  readonly node: NodeName;
  readonly ip: string;
  readonly createdAt: number;
  /** What it met when it was created, and when that was out of the way; infinite while it is not. */
  readonly trouble?: Trouble;
  readonly clearAt: number;
  /** First ready; infinite when it never is. */
  readonly readyAt: number;
  /** Deleted or evicted; infinite while it stays. */
  readonly goneAt: number;
  /** Its kubelet stopped it: what is left of it says so. */
  readonly evicted?: boolean;
}

export interface Wanted {
  readonly at: number;
  readonly app: App;
  readonly source: StoryRevision;
  readonly hash: string;
  readonly generation: number;
  readonly replicas: number;
  readonly seed: number;
  /** The configuration that the API holds. */
  readonly config: Readonly<Record<string, string>>;
  /** Nodes that take no new pods. */
  readonly closed: ReadonlySet<string>;
  /** How many pods of this spec have been named before. */
  readonly made: number;
  /** Where the scheduler sees the most room. */
  readonly roomiest?: string;
}

/**
 * What the deployment and ReplicaSet controllers do from `wanted.at` on, were nothing else to happen:
 * at most one pod more than wanted, and an old one goes when a new one is ready.
 * What they had begun for an earlier spec and not yet done does not come about.
 */
export function replace(pods: readonly Pod[], wanted: Wanted): readonly Pod[] {
  const seen = pods.filter((pod) => pod.createdAt < wanted.at);
  const past = seen.filter((pod) => pod.goneAt <= wanted.at);
  const alive = seen
    .filter((pod) => pod.goneAt > wanted.at)
    .map((pod) => cleared(stay(pod), wanted));
  const same = alive.filter((pod) => pod.hash === wanted.hash);
  const old = alive.filter((pod) => pod.hash !== wanted.hash);
  return [...past, ...(old.length > 0 ? roll(old, same, wanted) : resize(same, wanted))];
}

function resize(same: readonly Pod[], wanted: Wanted): readonly Pod[] {
  const missing = Math.max(0, wanted.replicas - same.length);
  return [
    ...same.slice(0, wanted.replicas),
    ...same.slice(wanted.replicas).map((pod) => leave(pod, wanted.at)),
    ...Array.from({ length: missing }, (_, i) => podOf(wanted, wanted.at, i)),
  ];
}

function roll(old: readonly Pod[], same: readonly Pod[], wanted: Wanted): readonly Pod[] {
  const news = same.slice(0, wanted.replicas);
  const gone = same.slice(wanted.replicas).map((pod) => leave(pod, wanted.at));
  const waiting = old.toSorted((a, b) => Number(isBlocked(b)) - Number(isBlocked(a)));
  const retire = (at: number) => gone.push(...waiting.splice(0, 1).map((pod) => leave(pod, at)));
  while (waiting.length > 0 && news.length + waiting.length > wanted.replicas + 1) {
    retire(wanted.at);
  }
  const begun = Math.max(wanted.at, ...news.map((pod) => pod.readyAt));
  for (let at = begun, i = 0; Number.isFinite(at); i++) {
    if (news.length >= wanted.replicas && waiting.length === 0) break;
    if (news.length < wanted.replicas) {
      const pod = podOf(wanted, at, i);
      news.push(pod);
      at = pod.readyAt;
    }
    if (Number.isFinite(at)) retire(at);
  }
  return [...gone, ...waiting, ...news];
}

function stay(pod: Pod): Pod {
  return { ...pod, goneAt: Number.POSITIVE_INFINITY };
}

function leave(pod: Pod, goneAt: number): Pod {
  return { ...pod, goneAt };
}

function podOf(wanted: Wanted, createdAt: number, i: number): Pod {
  const { app, source, hash, seed, generation } = wanted;
  const key = ["pod", app.namespace, app.name, generation, wanted.made + i] as const;
  const name = `${app.name}-${hash}-${suffix(5, seed, ...key)}`;
  const spread = Math.floor(noise(seed, app.name, generation) * nodeNames.length) + i;
  const trouble = troubleOf(app, source, wanted.config);
  const clearAt = trouble === undefined ? createdAt : Number.POSITIVE_INFINITY;
  const first = firstRun({ app, name, source, clearAt }, createdAt + START_MS);
  return {
    app,
    name,
    uid: uid(seed, ...key),
    hash,
    source,
    node: roomiest(wanted) ?? openNode(spread, wanted.closed),
    ip: `10.42.${spread % nodeNames.length}.${Math.floor(between(10, 250, seed, ...key, "ip"))}`,
    createdAt,
    ...(trouble ? { trouble } : {}),
    clearAt,
    readyAt: first.readyAt,
    goneAt: Number.POSITIVE_INFINITY,
  };
}

function roomiest({ roomiest, closed }: Wanted): NodeName | undefined {
  return nodeNames.find((name) => name === roomiest && !closed.has(name));
}

/** Nodes take turns; cordoned ones are left out. */
function openNode(turn: number, closed: ReadonlySet<string>): NodeName {
  const open = nodeNames.filter((name) => !closed.has(name));
  return open[turn % open.length] ?? nodeNames[0];
}

/** The pod on a node that takes new pods. */
export function placed(pod: Pod, closed: ReadonlySet<string>): Pod {
  if (!closed.has(pod.node)) return pod;
  return { ...pod, node: openNode(nodeNames.indexOf(pod.node), closed) };
}

/** The kubelet tries a container that could not be made again after so long. */
const RETRY_MS = 10_000;

/** Whether something stands in its way for good, unless somebody acts. */
export function isBlocked({ clearAt, goneAt }: Pod): boolean {
  return clearAt === Number.POSITIVE_INFINITY && goneAt === Number.POSITIVE_INFINITY;
}

/** What stood in the pod's way is gone: it goes on at the kubelet's next try. */
function cleared(pod: Pod, { at, app, config }: Wanted): Pod {
  if (pod.clearAt < Number.POSITIVE_INFINITY || troubleOf(app, pod.source, config)) return pod;
  const clear = { ...pod, clearAt: at + RETRY_MS };
  return { ...clear, readyAt: firstRun(clear, beginsAt(clear)).readyAt };
}

/** When the first container starts: not before what is in its way is gone. */
function beginsAt({ createdAt, clearAt, trouble }: Pod): number {
  return Math.max(createdAt + START_MS, lets(trouble) ? 0 : clearAt);
}

const runs = new WeakMap<Pod, Run[]>();

/** The runs of the pod's container that had begun by `t`. None while its image cannot be pulled. */
export function runsBy(pod: Pod, t: number): readonly Run[] {
  const startedAt = beginsAt(pod);
  if (!Number.isFinite(startedAt)) return [];
  const known = runs.get(pod) ?? [firstRun(pod, startedAt)];
  runs.set(pod, known);
  for (let last = known.at(-1); last && last.endedAt < t; last = known.at(-1)) {
    known.push(nextRun(pod, last));
  }
  return known.filter((run) => run.startedAt <= t);
}

/** Whether the scheduler found a node for it. */
export function isPlaced({ trouble }: Pod): boolean {
  return trouble?.kind !== "cpu" && trouble?.kind !== "claim";
}

/** Whether its ReplicaSet wants it: it may be kept from making it. */
export function isWanted({ createdAt, goneAt }: Pod, t: number): boolean {
  return createdAt <= t && t < goneAt;
}

export function isThere(pod: Pod, t: number): boolean {
  return pod.trouble?.kind !== "quota" && isWanted(pod, t);
}

export function isReady(pod: Pod, t: number): boolean {
  const last = runsBy(pod, t).at(-1);
  return isThere(pod, t) && last !== undefined && last.readyAt <= t && t < last.endedAt;
}
