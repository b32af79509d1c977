import { isObject, toJsonObject } from "#domain/json.ts";
import type { KubeObject, ResourceKind } from "#domain/kubernetes/object.ts";
import { readPod } from "#domain/kubernetes/pod.ts";
import type { Applied, ClusterEffect } from "#sandbox/effect.ts";
import { mergePatch } from "#sandbox/merge-patch.ts";
import type { At } from "./at.ts";
import { specWriter, type Writer } from "./managed.ts";
import { managedField, time, version } from "./metadata.ts";

type Objects = (kind: ResourceKind) => readonly KubeObject[];

/** The objects as people have changed them since. */
export function touched(
  kind: ResourceKind,
  objects: readonly KubeObject[],
  at: At,
  all: Objects,
): readonly KubeObject[] {
  const past = inForce(at.applied.filter((one) => one.at <= at.now));
  if (kind === "endpointslices") return objects.map((slice) => behind(slice, past, all));
  return objects.map((object) =>
    past.reduce((seen, { at: when, effect }) => {
      const change = changeOf(kind, seen, effect, when);
      return change ? changed(seen, change, when) : seen;
    }, object),
  );
}

/** A rollback sets the Service of its release back to what the chart renders. */
function inForce(past: readonly Applied[]): readonly Applied[] {
  return past.filter(
    ({ effect }, i) =>
      effect.type !== "shift_traffic" ||
      effect.kind !== "services" ||
      !past.slice(i).some(({ effect: later }) => resets(later, effect)),
  );
}

function resets(later: ClusterEffect, { namespace, name }: Where): boolean {
  return later.type === "rollback" && later.namespace === namespace && later.release === name;
}

interface Where {
  readonly namespace: string;
  readonly name: string;
}

interface ObjectChange {
  readonly annotations: Readonly<Record<string, string | null>>;
  readonly spec: object;
}

function changeOf(
  kind: ResourceKind,
  { metadata }: KubeObject,
  effect: ClusterEffect,
  when: number,
): ObjectChange | undefined {
  if (effect.type === "cordon" && kind === "nodes" && effect.node === metadata.name) {
    const { annotations, cordoned } = effect;
    return { annotations, spec: cordoned ? closed(when) : open };
  }
  const shifted =
    effect.type === "shift_traffic" &&
    effect.kind === kind &&
    effect.namespace === metadata.namespace &&
    effect.name === metadata.name;
  return shifted ? effect : undefined;
}

/** The node's controller adds the taint to the field that a person sets. */
const closed = (at: number) => ({
  unschedulable: true,
  taints: [{ key: "node.kubernetes.io/unschedulable", effect: "NoSchedule", timeAdded: time(at) }],
});
const open = { unschedulable: null, taints: null };

function changed(object: KubeObject, { annotations, spec }: ObjectChange, at: number): KubeObject {
  const { metadata } = object;
  const kept = Object.entries({ ...metadata.annotations, ...annotations }).flatMap(
    ([name, value]) => (value === null ? [] : [[name, value] as const]),
  );
  const before = Number(metadata.resourceVersion);
  return {
    ...object,
    metadata: {
      ...metadata,
      annotations: Object.fromEntries(kept),
      managedFields: writersOf(metadata, specWriter(at, spec, annotations)),
      resourceVersion: String(Math.max(before + 1, Number(version(at)))),
    },
    spec: mergePatch(toJsonObject(isObject(object.spec) ? object.spec : {}), toJsonObject(spec)),
  };
}

/** Each writer is remembered once, with its last change. */
function writersOf({ managedFields }: KubeObject["metadata"], writer: Writer): readonly unknown[] {
  const entries: readonly unknown[] = Array.isArray(managedFields) ? managedFields : [];
  const others = entries.filter((each) => !isObject(each) || each.manager !== writer.manager);
  return [...others, managedField(writer)];
}

/** The endpoints of a Service whose selector was changed: the pods that it selects now. */
function behind(slice: KubeObject, past: readonly Applied[], all: Objects): KubeObject {
  const { namespace, labels } = slice.metadata;
  const name = labels["kubernetes.io/service-name"];
  const shift = past.findLast(
    ({ effect }) =>
      effect.type === "shift_traffic" &&
      effect.kind === "services" &&
      effect.namespace === namespace &&
      effect.name === name,
  );
  const service = all("services").find(
    ({ metadata }) => metadata.name === name && metadata.namespace === namespace,
  );
  if (!shift || !service) return slice;
  const wanted = selectorOf(service);
  const pods = all("pods").filter(
    ({ metadata }) =>
      metadata.namespace === namespace &&
      wanted.every(([key, value]) => metadata.labels[key] === value),
  );
  return { ...slice, endpoints: pods.map(endpoint) };
}

function selectorOf({ spec }: KubeObject): readonly (readonly [string, unknown])[] {
  const { selector } = isObject(spec) ? spec : {};
  return Object.entries(isObject(selector) ? selector : {});
}

function endpoint(object: KubeObject) {
  const { metadata, spec, status } = readPod(object);
  const ready = status.conditions.some(({ type, status: is }) => type === "Ready" && is === "True");
  const { podIP } = isObject(object.status) ? object.status : {};
  return {
    addresses: [podIP],
    conditions: { ready, serving: ready, terminating: false },
    nodeName: spec.nodeName,
    targetRef: {
      kind: "Pod",
      namespace: metadata.namespace,
      name: metadata.name,
      uid: metadata.uid,
    },
  };
}
