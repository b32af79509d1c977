import * as z from "zod";
import { isObject } from "#domain/json.ts";
import type { KubeObject } from "#domain/kubernetes/object.ts";
import type { Change, Workloads } from "#ports/workloads.ts";
import { signal } from "./contract.ts";

type DeploymentRef = {
  readonly kind: "deployments";
  readonly namespace: string;
  readonly name: string;
};

/** Scales, as `made` does. */
export async function scaleTo(
  workloads: Workloads,
  ref: DeploymentRef,
  replicas: number,
): Promise<void> {
  await made(workloads, ref, (how) => workloads.scale(ref, replicas, how, signal));
}

/** Reads and writes again when the object's status moved in between, as any client has to. */
export async function made(
  workloads: Workloads,
  ref: Parameters<Workloads["get"]>[0],
  make: (how: Change) => Promise<unknown>,
): Promise<void> {
  for (let attempt = 0; attempt < 20; attempt++) {
    const object = await existing(workloads, ref);
    const done = await make(change(object)).then(
      () => true,
      (error: unknown) => {
        if (isObject(error) && error.code === "conflict") return false;
        throw error;
      },
    );
    if (done) return;
  }
  throw new Error(`${ref.kind}/${ref.name} changed all the time`);
}

export async function existing(
  workloads: Workloads,
  ref: Parameters<Workloads["get"]>[0],
): Promise<KubeObject> {
  const object = await workloads.get(ref, signal);
  if (!object) throw new Error(`no ${ref.kind} ${ref.namespace}/${ref.name}`);
  return object;
}

export function change({ metadata }: KubeObject, dryRun = false): Change {
  return {
    expects: { uid: metadata.uid, resourceVersion: metadata.resourceVersion },
    dryRun,
  };
}

export function record(value: unknown): { readonly [key: string]: unknown } {
  return isObject(value) ? value : {};
}

const managedFieldsSchema = z.array(
  z.object({
    manager: z.string().min(1),
    time: z.iso.datetime(),
    fieldsV1: z.record(z.string(), z.unknown()),
  }),
);

/** Keys of data whose managers the object's metadata names. What was applied as stringData is remembered so. */
export function ownedKeys(object: KubeObject | undefined): ReadonlySet<string> {
  const written = managedFieldsSchema.parse(object?.metadata.managedFields);
  const fields = written.flatMap(({ fieldsV1 }) =>
    ["f:data", "f:stringData"].flatMap((part) => Object.keys(record(fieldsV1[part]))),
  );
  return new Set(fields.filter((field) => field.startsWith("f:")).map((field) => field.slice(2)));
}

export function replicasOf(object: KubeObject): number {
  return Number(record(object.spec).replicas);
}

export function matchLabels(object: KubeObject): { readonly [key: string]: unknown } {
  return record(record(record(object.spec).selector).matchLabels);
}

export function templateAnnotations(object: KubeObject): { readonly [key: string]: unknown } {
  const template = record(record(object.spec).template);
  return record(record(template.metadata).annotations);
}

export function includes(
  labels: Readonly<Record<string, string>>,
  wanted: { readonly [key: string]: unknown },
): boolean {
  return Object.entries(wanted).every(([key, value]) => labels[key] === value);
}
