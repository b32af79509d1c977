import { digest } from "#domain/digest.ts";
import type { Applied, ClusterEffect } from "#sandbox/effect.ts";
import { type App, configMapName, type StoryRevision } from "./app.ts";
import { rendered } from "./manifest.ts";
import { isBlocked, type Pod, replace } from "./pods.ts";

/** The deployment's spec from `at` on. */
export interface Generation {
  readonly at: number;
  readonly generation: number;
  readonly source: StoryRevision;
  readonly replicas: number;
  readonly restartedAt?: string;
  /** The pod template's hash. */
  readonly hash: string;
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

/** All that ever happens to one app, given what was done to it. Later effects never alter earlier times. */
export interface Course {
  readonly app: App;
  readonly generations: readonly Generation[];
  readonly configs: readonly ConfigState[];
  readonly revisions: readonly HelmRevision[];
  readonly pods: readonly Pod[];
}

interface Draft {
  readonly app: App;
  readonly seed: number;
  readonly generations: Generation[];
  readonly configs: ConfigState[];
  readonly revisions: HelmRevision[];
  pods: readonly Pod[];
}

export function courseOf(app: App, applied: readonly Applied[], seed: number): Course {
  const draft: Draft = { app, seed, generations: [], configs: [], revisions: [], pods: [] };
  for (const revision of app.revisions) install(draft, revision);
  for (const { at, data } of app.edits ?? []) patch(draft, at, data);
  for (const { at, effect } of applied) act(draft, at, effect);
  return draft;
}

/** The last item that holds at `t`; items are in order of time. */
export function holding<T extends { readonly at: number }>(
  items: readonly T[],
  t: number,
): T | undefined {
  return items.findLast((item) => item.at <= t);
}

function install(draft: Draft, source: StoryRevision): void {
  const { revision, at, failure } = source;
  draft.configs.push({ at, data: source.values.config });
  setTemplate(draft, at, { source, replicas: source.values.replicaCount });
  const settledAt = at + (failure ? 300_000 : 60_000);
  draft.revisions.push({ revision, at, source, settledAt, ...(failure ? { failure } : {}) });
}

function act(draft: Draft, at: number, effect: ClusterEffect): void {
  const { app } = draft;
  if (effect.namespace !== app.namespace) return;
  switch (effect.type) {
    case "rollback":
      if (effect.release === app.name) rollBack(draft, at, effect);
      break;
    case "restart":
      if (effect.name === app.name) {
        setTemplate(draft, at, { restartedAt: effect.restarted_at });
      }
      break;
    case "scale":
      if (effect.name === app.name) setTemplate(draft, at, { replicas: effect.replicas });
      break;
    case "patch_config_map":
      if (effect.name === configMapName(app)) patch(draft, at, effect.data);
      break;
  }
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
  setTemplate(draft, at, { source, replicas: source.values.replicaCount });
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
function proceed(draft: Draft, at: number, made = 0): void {
  const now = draft.generations.at(-1);
  if (now === undefined) return;
  const { app, seed } = draft;
  draft.pods = replace(draft.pods, { ...now, at, app, seed, made, config: latestConfig(draft) });
}

function latestConfig(draft: Draft): Readonly<Record<string, string>> {
  return draft.configs.at(-1)?.data ?? {};
}

type Change = Partial<Pick<Generation, "source" | "replicas" | "restartedAt">>;

function setTemplate(draft: Draft, at: number, change: Change): void {
  const before = draft.generations.at(-1);
  const next = { ...(before ?? first(draft.app)), ...change, at };
  const hash = templateHash(draft.app, next.source, next.restartedAt);
  if (before && before.hash === hash && before.replicas === next.replicas) return;
  const rollout = (before?.rollout ?? 0) + (before?.hash === hash ? 0 : 1);
  const generation = (before?.generation ?? 0) + 1;
  draft.generations.push({ ...next, hash, rollout, generation });
  proceed(draft, at);
}

function first(app: App): Generation {
  const source = app.revisions[0];
  return { at: source.at, generation: 0, source, replicas: 0, hash: "", rollout: 0 };
}

/** The part of a ReplicaSet's name that stands for its template. */
function templateHash(app: App, source: StoryRevision, restartedAt: string | undefined): string {
  const { template } = rendered(app, source).deployment.spec;
  const letters = digest({ template, restartedAt: restartedAt ?? "" });
  return letters.slice(0, 10).replaceAll(/[013ae]/g, (c) => "bcdfg".charAt("013ae".indexOf(c)));
}

/** When the newest spec's pods are all ready and the others gone. */
function rolledOutAt(draft: Draft): number {
  const hash = draft.generations.at(-1)?.hash;
  const left = draft.pods.filter((pod) => pod.goneAt === Number.POSITIVE_INFINITY);
  return Math.max(0, ...left.map((pod) => (pod.hash === hash ? pod.readyAt : pod.goneAt)));
}
