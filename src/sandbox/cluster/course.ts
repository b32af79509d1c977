import type { Applied, ClusterEffect } from "#sandbox/effect.ts";
import { type App, configMapName, type StoryRevision } from "./app.ts";
import { autoscaled } from "./autoscaled.ts";
import { moments } from "./course-of-time.ts";
import { selector } from "./manifest.ts";
import { hold } from "./paused.ts";
import { isBlocked, isThere, type Pod, placed, replace } from "./pods.ts";
import { type SelectorState, shifted } from "./selectors.ts";
import { nextGeneration, type SpecChange, specChange } from "./spec.ts";

/** The deployment's spec from `at` on. */
export interface Generation {
  readonly at: number;
  readonly generation: number;
  /** What its pod template is rendered from. */
  readonly source: StoryRevision;
  /** What Helm installed last: the rest of the deployment is rendered from it. */
  readonly chart: StoryRevision;
  readonly replicas: number;
  readonly restartedAt?: string;
  readonly paused: boolean;
  /** The pod template's hash. */
  readonly hash: string;
  /** Of the template that its controller rolls out: while it is paused, the one before the pause. */
  readonly rolledHash: string;
  /** The deployment controller's own count of template changes. */
  readonly rollout: number;
}

/** One revision of the release as Helm records it. */
export interface HelmRevision {
  readonly revision: number;
  readonly at: number;
  readonly source: StoryRevision;
  /** Set on rollbacks. */
  readonly rolledBackTo?: number;
  /** When Helm stopped waiting. */
  readonly settledAt: number;
  readonly failure?: string;
}

export interface ConfigState {
  readonly at: number;
  readonly data: Readonly<Record<string, string>>;
}

/** Bounds that somebody gave to the app's autoscaler. */
export interface BoundState {
  readonly at: number;
  readonly autoscaler: string;
  readonly min: number;
  readonly max: number;
}

/** All that ever happens to one app, given what was done to it. Later effects never alter earlier times. */
export interface Course {
  readonly app: App;
  readonly generations: readonly Generation[];
  readonly configs: readonly ConfigState[];
  readonly bounds: readonly BoundState[];
  readonly selectors: readonly SelectorState[];
  readonly revisions: readonly HelmRevision[];
  readonly pods: readonly Pod[];
}

interface Draft {
  readonly app: App;
  readonly seed: number;
  readonly generations: Generation[];
  readonly configs: ConfigState[];
  readonly bounds: BoundState[];
  readonly selectors: SelectorState[];
  readonly revisions: HelmRevision[];
  /** Nodes that take no new pods. */
  readonly closed: Set<string>;
  pods: readonly Pod[];
}

export function courseOf(app: App, applied: readonly Applied[], seed: number): Course {
  const draft: Draft = {
    ...{ app, seed, closed: new Set() },
    ...{ generations: [], configs: [], bounds: [], selectors: [], revisions: [], pods: [] },
  };
  for (const revision of app.revisions) install(draft, revision);
  const last = draft.generations.pop();
  if (last) draft.generations.push({ ...last, paused: app.paused ?? false });
  for (const { at, data } of app.edits ?? []) patch(draft, at, data);
  for (const { at, effect } of moments(app, applied)) {
    if (effect === "pressure") relieve(draft, at);
    else if (effect === "autoscale") setTemplate(draft, at, autoscaled(draft, at));
    else act(draft, at, effect);
  }
  return draft;
}

/** The sick node's kubelet evicts a pod, and the scheduler finds the most room where it was. */
function relieve(draft: Draft, at: number): void {
  const node = draft.app.sickNode?.name;
  const pod = draft.pods.find((one) => one.node === node && isThere(one, at));
  if (!pod) return;
  draft.pods = draft.pods.map((one) => (one === pod ? { ...one, goneAt: at, evicted: true } : one));
  proceed(draft, at, draft.pods.length, node);
}

function install(draft: Draft, source: StoryRevision): void {
  const { revision, at, failure } = source;
  draft.configs.push({ at, data: source.values.config });
  setTemplate(draft, at, { source, chart: source, replicas: source.values.replicaCount });
  const settledAt = at + (failure ? 300_000 : 60_000);
  draft.revisions.push({ revision, at, source, settledAt, ...(failure ? { failure } : {}) });
}

function act(draft: Draft, at: number, effect: ClusterEffect): void {
  const { app } = draft;
  if (effect.type === "cordon") {
    cordon(draft, at, effect);
    return;
  }
  if (effect.namespace !== app.namespace) return;
  const change = specChange(app, draft.generations, effect);
  if (change) setTemplate(draft, at, change);
  switch (effect.type) {
    case "rollback":
      if (effect.release === app.name) rollBack(draft, at, effect);
      break;
    case "set_bounds":
      if (change)
        draft.bounds.push({ at, autoscaler: effect.name, min: effect.min, max: effect.max });
      break;
    case "patch_config_map":
      if (effect.name === configMapName(app)) patch(draft, at, effect.data);
      break;
    case "evict":
      evict(draft, at, effect.name);
      break;
    case "shift_traffic":
      draft.selectors.push(...shifted(app, draft.selectors, at, effect));
      break;
    case "create_job":
      break;
  }
}

/** Pods that are there stay; those to come go elsewhere. */
function cordon(
  draft: Draft,
  at: number,
  { node, cordoned }: Extract<ClusterEffect, { type: "cordon" }>,
): void {
  if (cordoned) draft.closed.add(node);
  else draft.closed.delete(node);
  draft.pods = draft.pods.map((pod) => (pod.createdAt > at ? placed(pod, draft.closed) : pod));
}

/** The pod goes, and its controller makes another one. */
function evict(draft: Draft, at: number, name: string): void {
  const pod = draft.pods.find((one) => one.name === name && isThere(one, at));
  if (!pod) return;
  draft.pods = draft.pods.map((one) => (one === pod ? { ...one, goneAt: at } : one));
  proceed(draft, at, draft.pods.length);
}

function rollBack(
  draft: Draft,
  at: number,
  effect: Extract<ClusterEffect, { type: "rollback" }>,
): void {
  const target = draft.revisions.find(({ revision }) => revision === effect.revision);
  const latest = draft.revisions.at(-1);
  if (!target || !latest) return;
  const { source } = target;
  draft.configs.push({ at, data: { ...latestConfig(draft), ...source.values.config } });
  draft.selectors.push({ at, labels: selector(draft.app) });
  setTemplate(draft, at, { source, chart: source, replicas: source.values.replicaCount });
  const gaveUpAt = at + effect.timeout_seconds * 1000;
  const doneAt = rolledOutAt(draft);
  draft.revisions.push({
    revision: latest.revision + 1,
    at,
    source,
    rolledBackTo: target.revision,
    settledAt: Math.min(doneAt, gaveUpAt),
    ...(doneAt > gaveUpAt
      ? { failure: `Rollback "${draft.app.name}" failed: context deadline exceeded` }
      : {}),
  });
}

function patch(draft: Draft, at: number, data: Readonly<Record<string, string | null>>): void {
  const merged = { ...latestConfig(draft), ...data };
  const kept = Object.entries(merged).flatMap(([key, value]) =>
    value === null ? [] : [[key, value] as const],
  );
  draft.configs.push({ at, data: Object.fromEntries(kept) });
  if (draft.pods.some(isBlocked)) proceed(draft, at, draft.pods.length);
}

/** The controllers work towards the newest spec. Of its pods `made` have been named before. */
function proceed(draft: Draft, at: number, made = 0, roomiest?: string): void {
  const now = draft.generations.at(-1);
  if (now === undefined || now.paused) return;
  const { app, seed, closed } = draft;
  const config = latestConfig(draft);
  draft.pods = replace(draft.pods, {
    ...now,
    at,
    app,
    seed,
    closed,
    made,
    config,
    ...(roomiest === undefined ? {} : { roomiest }),
  });
}

function latestConfig(draft: Draft): Readonly<Record<string, string>> {
  return draft.configs.at(-1)?.data ?? {};
}

function setTemplate(draft: Draft, at: number, change: SpecChange): void {
  const before = draft.generations.at(-1);
  const next = nextGeneration(draft.app, before, at, change);
  if (!next) return;
  draft.generations.push(next);
  if (next.paused && before) keep(draft, at, next.replicas - before.replicas);
  else proceed(draft, at);
}

/** While it is paused its controllers do no more than to scale what was rolled out last. */
function keep(draft: Draft, at: number, more: number): void {
  const { app, seed, closed, generations } = draft;
  const now = generations.at(-1);
  const rolled = generations.findLast(({ hash }) => hash === now?.rolledHash);
  if (!now || !rolled) return;
  const { generation } = now;
  const config = latestConfig(draft);
  const wanted = { ...rolled, generation, at, app, seed, closed, made: 0, config };
  draft.pods = hold(draft.pods, wanted, more);
}

/** When the newest spec's pods are all ready and the others gone. */
function rolledOutAt(draft: Draft): number {
  const hash = draft.generations.at(-1)?.hash;
  const left = draft.pods.filter((pod) => pod.goneAt === Number.POSITIVE_INFINITY);
  return Math.max(0, ...left.map((pod) => (pod.hash === hash ? pod.readyAt : pod.goneAt)));
}
