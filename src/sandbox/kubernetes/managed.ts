import { digest } from "#domain/digest.ts";
import { isObject, type JsonObject } from "#domain/json.ts";
import type { App } from "#sandbox/cluster/app.ts";
import { sameImage } from "#sandbox/cluster/container.ts";
import type { Generation } from "#sandbox/cluster/course.ts";
import type { AppHistory } from "#sandbox/cluster/history.ts";
import { rendered } from "#sandbox/cluster/manifest.ts";

/** Who set which fields of an object, and when last, as the API server remembers it. */
export interface Writer {
  readonly manager: string;
  readonly operation: "Apply" | "Update";
  readonly at: number;
  /** In the notation of FieldsV1: `f:` before a field, `k:` before the key of a list's item. */
  readonly fields: JsonObject;
  readonly subresource?: string;
}

/** Fields of a value in that notation. Items of lists go by their names. */
export function fieldsOf(value: unknown): JsonObject {
  if (Array.isArray(value)) {
    return Object.assign({}, ...value.map(itemFields));
  }
  if (!isObject(value)) return {};
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [`f:${key}`, fieldsOf(inner)]),
  );
}

function itemFields(item: unknown): JsonObject {
  if (!isObject(item) || typeof item.name !== "string") return {};
  return { [`k:${JSON.stringify({ name: item.name })}`]: { ".": {}, ...fieldsOf(item) } };
}

const CONTROLLERS = "kube-controller-manager";

/** Helm applies what its chart renders; what differs from that was changed through the API since. */
export function deploymentWriters(app: App, past: AppHistory, now: number): readonly Writer[] {
  const known = past.course.generations.filter(({ at }) => at <= now);
  const changes = known.map((next, i) => ({ next, before: known[i - 1] }));
  const [installed, changed] = [
    changes.findLast(({ next }) => byHelm(past, next.at)),
    changes.findLast(({ next }) => !byHelm(past, next.at)),
  ];
  return [
    ...(installed ? [helm(installed.next.at, deploymentOf(app, installed.next))] : []),
    ...(changed ? [byFirewatch(app, changed.next, changed.before)] : []),
  ];
}

/** Whether a revision of the release was installed at that very moment. */
function byHelm({ course }: AppHistory, at: number): boolean {
  return course.revisions.some((revision) => revision.at === at);
}

function deploymentOf(app: App, { source }: Generation): object {
  const { spec, metadata } = rendered(app, source).deployment;
  return { metadata: { labels: metadata.labels }, spec };
}

function byFirewatch(app: App, next: Generation, before: Generation | undefined): Writer {
  const scaled = before?.replicas === next.replicas ? {} : { replicas: next.replicas };
  const template =
    before?.hash === next.hash ? {} : { template: templateChange(app, next, before) };
  const paused = before?.paused === next.paused ? {} : { paused: next.paused };
  return firewatch(next.at, { spec: { ...scaled, ...paused, ...template } });
}

function templateChange(app: App, next: Generation, before: Generation | undefined): object {
  if (before?.source.revision !== next.source.revision) {
    return rendered(app, next.source).deployment.spec.template;
  }
  if (before.source !== next.source) return { spec: { containers: [changed(app, next, before)] } };
  const restartedAt = next.restartedAt ?? "";
  return { metadata: { annotations: { "kubectl.kubernetes.io/restartedAt": restartedAt } } };
}

function changed(app: App, { source }: Generation, before: Generation): object {
  const { resources } = source.values;
  const moved = digest(resources) !== digest(before.source.values.resources);
  const image = sameImage(source, before.source) ? {} : { image: "" };
  return { name: app.name, ...image, ...(moved ? { resources } : {}) };
}

/** Each key belongs to who gave it its present value. */
export function configMapWriters(past: AppHistory, now: number): readonly Writer[] {
  const states = past.course.configs.filter(({ at }) => at <= now);
  const last = states.at(-1);
  if (last === undefined) return [];
  const keys = Object.keys(last.data).map((key) => {
    const since = states.findLastIndex(({ data }) => data[key] !== last.data[key]) + 1;
    const at = states[since]?.at ?? last.at;
    return { key, at, by: editorOf(past, at) };
  });
  const parts = Map.groupBy(keys, ({ by }) => by);
  return [...parts].map(([write, own]) => {
    const at = Math.max(...own.map((each) => each.at));
    return write(at, { data: Object.fromEntries(own.map(({ key }) => [key, ""])) });
  });
}

/** Whose change of the configuration came at that moment. */
function editorOf(past: AppHistory, at: number): typeof helm {
  if (byHelm(past, at)) return helm;
  return past.course.app.edits?.some((edit) => edit.at === at) ? person : firewatch;
}

export function helm(at: number, value: object): Writer {
  return { manager: "helm", operation: "Apply", at, fields: fieldsOf(value) };
}

function firewatch(at: number, value: object): Writer {
  return { manager: "firewatch", operation: "Update", at, fields: fieldsOf(value) };
}

/** With `kubectl edit`. */
function person(at: number, value: object): Writer {
  return { manager: "kubectl-edit", operation: "Update", at, fields: fieldsOf(value) };
}

/** Who changed a spec through the API: our own changes carry their action. */
export function specWriter(
  at: number,
  spec: object,
  annotations: Readonly<Record<string, string | null>>,
): Writer {
  const own = Object.entries(spec).filter(([key, value]) => value !== null && key !== "taints");
  const write = annotations["firewatch.dev/action"] ? firewatch : person;
  return write(at, { spec: Object.fromEntries(own) });
}

/** What a controller writes into the status. */
export function statusWriter(at: number, status: object): Writer {
  const fields = fieldsOf({ status });
  return { manager: CONTROLLERS, operation: "Update", at, fields, subresource: "status" };
}

/** Who made an object that nothing changed since. */
export function creator(manager: string, at: number, value: object): Writer {
  return { manager, operation: "Update", at, fields: fieldsOf(value) };
}
