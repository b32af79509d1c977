import type { KubeObject } from "#domain/kubernetes/object.ts";
import { isoSeconds } from "#domain/text/time.ts";
import { uid } from "#sandbox/noise.ts";
import type { Writer } from "./managed.ts";

interface Described {
  readonly name: string;
  readonly namespace?: string;
  readonly uid: string;
  readonly version: string;
  readonly generation?: number;
  readonly createdAt: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly owner?: Owner;
  readonly writers?: readonly Writer[];
}

export interface Owner {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly uid: string;
}

export function metadata(of: Described): KubeObject["metadata"] {
  return {
    name: of.name,
    ...(of.namespace === undefined ? {} : { namespace: of.namespace }),
    uid: of.uid,
    resourceVersion: of.version,
    ...(of.generation === undefined ? {} : { generation: of.generation }),
    creationTimestamp: time(of.createdAt),
    labels: { ...of.labels },
    annotations: { ...of.annotations },
    ownerReferences: of.owner ? [{ ...of.owner, controller: true, blockOwnerDeletion: true }] : [],
    ...(of.writers ? { managedFields: of.writers.map(managedField) } : {}),
  };
}

/** A writer as the API serves it. */
export function managedField({ manager, operation, at, fields, subresource }: Writer) {
  return {
    manager,
    operation,
    time: time(at),
    fieldsType: "FieldsV1",
    fieldsV1: fields,
    ...(subresource === undefined ? {} : { subresource }),
  };
}

/** Times as the API writes them. */
export function time(at: number): string {
  return isoSeconds(new Date(at));
}

/** Grows with each change: `changes` of the spec, and the time (in tenths of a second) of the last one of any sort. */
export function version(lastChangeAt: number, changes = 0): string {
  return String(Math.floor((lastChangeAt - VERSION_EPOCH) / 100) + changes);
}

const VERSION_EPOCH = Date.UTC(2020, 0, 1);

/** The uid of an object of which there is one of that kind, namespace and name. */
export function uidOf(seed: number, kind: string, namespace: string, name: string): string {
  return uid(seed, kind, namespace, name);
}
