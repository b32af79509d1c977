import * as z from "zod";
import { kindNames, resolveKind } from "#domain/kubernetes/kinds.ts";
import type { KubeObject, ResourceKind } from "#domain/kubernetes/object.ts";
import { type Pod, readPod } from "#domain/kubernetes/pod.ts";
import { podState } from "#domain/kubernetes/pods.ts";
import { selectorSchema, selectorText } from "#domain/kubernetes/selector.ts";
import { OpsError } from "#errors.ts";
import type { Workloads } from "#ports/workloads.ts";
import { existing } from "./existing.ts";
import { whyMissing } from "./missing.ts";

/** Kinds whose pods a selector of theirs names. */
const owners = ["deployments", "statefulsets", "daemonsets", "jobs", "replicasets"] as const;
type OwnerKind = (typeof owners)[number];

/** Most pods of a workload that are looked at, and that are read. */
const MOST = { seen: 500, read: 20 };

export interface AskedPods {
  readonly resource_type?: string | undefined;
  readonly name: string;
  readonly namespace: string;
}

export interface FoundPods {
  /** Such as `pod web-1` or `deployment web`. */
  readonly target: string;
  /** The sick first. */
  readonly pods: readonly Pod[];
  readonly leftOut: number;
}

/** The pod, or the pods of the workload. Without a kind the name is a pod's, else a workload's. */
export async function podsOf(
  asked: AskedPods,
  workloads: Workloads,
  now: Date,
  signal: AbortSignal,
): Promise<FoundPods> {
  const { resource_type, name, namespace } = asked;
  const kind = resource_type === undefined ? undefined : resolveKind(resource_type);
  if (kind === "pods" || kind === undefined) {
    const pod = await workloads.get({ kind: "pods", namespace, name }, signal);
    if (pod) return { target: `pod ${name}`, pods: [readPod(pod)], leftOut: 0 };
  }
  const owner = await ownerOf(asked, kind, workloads, signal);
  const all = await selected(owner.object, workloads, signal);
  const sickFirst = all
    .map((pod) => ({ pod, well: podState(pod, now).health === "well" }))
    .toSorted((a, b) => Number(a.well) - Number(b.well));
  return {
    target: `${kindNames(owner.kind).one} ${name}`,
    pods: sickFirst.slice(0, MOST.read).map(({ pod }) => pod),
    leftOut: Math.max(0, all.length - MOST.read),
  };
}

interface Owner {
  readonly kind: OwnerKind;
  readonly object: KubeObject;
}

async function ownerOf(
  { name, namespace }: AskedPods,
  kind: ResourceKind | undefined,
  workloads: Workloads,
  signal: AbortSignal,
): Promise<Owner> {
  if (kind !== undefined && kind !== "pods") {
    const known = owners.find((owner) => owner === kind);
    if (known === undefined) throw noLogs(kind);
    const object = await existing({ kind: known, namespace, name }, workloads, signal);
    return { kind: known, object };
  }
  if (kind === undefined) {
    const seen = owners.map((owner) =>
      visible({ kind: owner, namespace, name }, workloads, signal),
    );
    for (const found of await Promise.all(seen)) if (found) return found;
  }
  throw await whyMissing({ kind: "pods", namespace, name }, workloads, signal);
}

/** The object, if there is one that these credentials may see. */
async function visible(
  { kind, namespace, name }: { readonly kind: OwnerKind } & AskedPods,
  workloads: Workloads,
  signal: AbortSignal,
): Promise<Owner | undefined> {
  try {
    const object = await workloads.get({ kind, namespace, name }, signal);
    return object && { kind, object };
  } catch (error) {
    if (!(error instanceof OpsError) || error.code !== "access_denied") throw error;
    return undefined;
  }
}

const ownerSchema = z.object({ spec: z.object({ selector: selectorSchema.prefault({}) }) });

async function selected(
  object: KubeObject,
  workloads: Workloads,
  signal: AbortSignal,
): Promise<readonly Pod[]> {
  const labelSelector = selectorText(ownerSchema.parse(object).spec.selector);
  const { namespace = "" } = object.metadata;
  const query = { kind: "pods", namespace, labelSelector, limit: MOST.seen } as const;
  // A selector that selects everything would read the pods of others.
  return labelSelector === "" ? [] : (await workloads.list(query, signal)).items.map(readPod);
}

function noLogs(kind: ResourceKind): OpsError {
  return new OpsError(
    "invalid_input",
    `A ${kindNames(kind).one} has no logs of its own.`,
    `Name a pod, or one of: ${owners.map((owner) => kindNames(owner).one).join(", ")}.`,
  );
}
