import { isObject } from "#domain/json.ts";
import { kindNames } from "#domain/kubernetes/kinds.ts";
import {
  type KubeObject,
  type ObjectRef,
  type ResourceKind,
  readableKinds,
} from "#domain/kubernetes/object.ts";
import { placeOf, type ServedKind } from "#domain/kubernetes/places.ts";
import { isoSeconds } from "#domain/text/time.ts";
import { OpsError } from "#errors.ts";
import type { Change, ObjectList, ObjectQuery, WorkloadRef, Workloads } from "#ports/workloads.ts";
import type { ClusterEffect } from "#sandbox/effect.ts";
import type { LogSource } from "#sandbox/signals/source.ts";
import { simulatedChanges } from "./changes.ts";
import { simulatedInterventions } from "./interventions.ts";
import { simulatedPodLogs } from "./pod-logs.ts";
import { fieldTest, labelTest } from "./selectors.ts";

/** What the objects of the cluster need of the world. */
export interface ClusterView {
  objects(kind: ResourceKind): readonly KubeObject[];
  /** The same as they would be had this happened now. */
  objectsAfter(effect: ClusterEffect, kind: ResourceKind): readonly KubeObject[];
  logSources(): readonly LogSource[];
  now(): number;
  apply(effect: ClusterEffect): Promise<void>;
}

export function simulatedWorkloads(view: ClusterView): Workloads {
  /** Checks the precondition, then does it, or shows what it would do. */
  async function change(
    ref: ObjectRef,
    { expects, dryRun }: Change,
    effect: ClusterEffect,
  ): Promise<KubeObject> {
    const before = existing(view.objects(ref.kind), ref);
    const { uid, resourceVersion } = before.metadata;
    if (uid !== expects.uid || resourceVersion !== expects.resourceVersion) throw changed(ref);
    if (dryRun) return existing(view.objectsAfter(effect, ref.kind), ref);
    await view.apply(effect);
    return existing(view.objects(ref.kind), ref);
  }
  return {
    ...simulatedReads(view),
    async restart(ref, at, how, signal) {
      signal.throwIfAborted();
      refuseWhenPaused(view, ref);
      const { namespace, name } = ref;
      const restarted_at = isoSeconds(at);
      return change(ref, how, { type: "restart", namespace, name, restarted_at });
    },
    async scale(ref, replicas, how, signal) {
      signal.throwIfAborted();
      const { namespace, name } = ref;
      return change(ref, how, { type: "scale", namespace, name, replicas: checked(replicas) });
    },
    async patchConfigMap({ namespace, name }, data, how, signal) {
      signal.throwIfAborted();
      const ref = { kind: "configmaps", namespace, name } as const;
      return change(ref, how, { type: "patch_config_map", namespace, name, data: { ...data } });
    },
    logs: (pod, query, signal) => simulatedPodLogs(view, pod, query, signal),
    ...simulatedChanges(
      (ref) => existing(view.objects(ref.kind), ref),
      () => view.objects("replicasets"),
      change,
    ),
    ...simulatedInterventions(view, change),
    ...simulatedServer,
  };
}

function simulatedReads(
  view: ClusterView,
): Pick<Workloads, "get" | "list" | "kinds" | "listServed"> {
  return {
    async get(ref, signal) {
      signal.throwIfAborted();
      return find(view.objects(ref.kind), ref);
    },
    async list(query, signal) {
      signal.throwIfAborted();
      return matching(view.objects(query.kind), query);
    },
    async kinds(signal) {
      signal.throwIfAborted();
      return servedKinds;
    },
    async listServed(query, signal) {
      signal.throwIfAborted();
      const kind = readableKinds.find((each) => isServed(each, query.kind));
      return kind ? matching(view.objects(kind), { ...query, kind }) : nothing;
    },
  };
}

/** The API server itself: always well, and every right is granted. */
const simulatedServer: Pick<Workloads, "health" | "may"> = {
  async health(signal) {
    signal.throwIfAborted();
    return { ready: true, failing: [], version: "v1.34.2", milliseconds: 12 };
  },
  async may(_, signal) {
    signal.throwIfAborted();
    return true;
  },
};

const nothing: ObjectList = { items: [], remaining: 0 };

const servedKinds = readableKinds.map((kind) => {
  const { one, short } = kindNames(kind);
  return { ...placeOf(kind), singular: one, short };
});

function isServed(kind: ResourceKind, { group, resource }: ServedKind): boolean {
  const place = placeOf(kind);
  return place.group === group && place.resource === resource;
}

function matching(objects: readonly KubeObject[], query: ObjectQuery): ObjectList {
  const labels = labelTest(query.labelSelector);
  const fields = fieldTest(query.kind, query.fieldSelector);
  const found = objects.filter(
    (object) => inNamespace(object, query.namespace) && labels(object) && fields(object),
  );
  const from = Number(query.continue ?? 0);
  const items = found.slice(from, from + query.limit);
  const read = from + items.length;
  return {
    items: query.metadataOnly ? items.map(metadataAlone) : items,
    remaining: found.length - read,
    ...(read < found.length ? { continue: String(read) } : {}),
  };
}

function metadataAlone({ metadata }: KubeObject): KubeObject {
  return { apiVersion: "meta.k8s.io/v1", kind: "PartialObjectMetadata", metadata };
}

function find(objects: readonly KubeObject[], ref: ObjectRef): KubeObject | undefined {
  return objects.find(
    ({ metadata }) =>
      metadata.name === ref.name &&
      (metadata.namespace === undefined || metadata.namespace === ref.namespace),
  );
}

function inNamespace({ metadata }: KubeObject, namespace: string | undefined): boolean {
  return (
    namespace === undefined || metadata.namespace === undefined || metadata.namespace === namespace
  );
}

function existing(objects: readonly KubeObject[], ref: ObjectRef): KubeObject {
  const object = find(objects, ref);
  if (object) return object;
  throw new OpsError(
    "not_found",
    `No ${ref.kind} ${ref.namespace ?? ""}/${ref.name}.`,
    "List what there is, then name one of those.",
  );
}

function changed(ref: ObjectRef): OpsError {
  return new OpsError(
    "conflict",
    `${ref.kind} ${ref.namespace ?? ""}/${ref.name} is no longer as it was read. Nothing was changed.`,
    "Read it again and decide anew.",
  );
}

function refuseWhenPaused(view: ClusterView, ref: WorkloadRef): void {
  const { spec } = existing(view.objects(ref.kind), ref);
  if (!isObject(spec) || spec.paused !== true) return;
  throw new OpsError(
    "refused",
    `The rollout of ${ref.namespace}/${ref.name} is paused: a restart would not take place.`,
    "Resume the rollout first, or leave it as it is.",
  );
}

function checked(replicas: number): number {
  if (Number.isInteger(replicas) && replicas >= 0) return replicas;
  throw new OpsError(
    "invalid_input",
    `${replicas} is no number of replicas.`,
    "Give a whole number from 0 up.",
  );
}
