import type { KubeObject } from "./object.ts";
import { controllerOf } from "./workload.ts";

type Metadata = Pick<KubeObject["metadata"], "labels" | "ownerReferences">;

/** The kind and name of what an object works for. */
export interface Owner {
  readonly kind: string;
  readonly name: string;
}

/** Labels that hold a template's hash, which ends the ReplicaSet's name, by the kind that writes them. */
const HASH_LABELS: readonly (readonly [string, string])[] = [
  ["rollouts-pod-template-hash", "Rollout"],
  ["pod-template-hash", "Deployment"],
];

/**
 * The workload at the top of an object's owners, as far as its own metadata tells: a ReplicaSet's name is its
 * Deployment's and a hash, a Job's its CronJob's and the minute of its run.
 */
export function topOwner(metadata: Metadata): Owner | undefined {
  const owner = controllerOf({ ...noMetadata, ...metadata });
  if (owner === undefined) return undefined;
  if (owner.kind === "ReplicaSet") return replicaSetOwner(owner, metadata.labels);
  return owner.kind === "Job" ? jobOwner(owner) : { kind: owner.kind, name: owner.name };
}

const noMetadata = { name: "", uid: "", resourceVersion: "", annotations: {} };

function replicaSetOwner({ kind, name }: Owner, labels: Metadata["labels"]): Owner {
  for (const [label, owner] of HASH_LABELS) {
    const end = `-${labels[label]}`;
    if (name.endsWith(end)) return { kind: owner, name: name.slice(0, -end.length) };
  }
  return { kind, name };
}

function jobOwner({ kind, name }: Owner): Owner {
  const [, cronJob] = /^(.+)-\d{8,}$/.exec(name) ?? [];
  return cronJob === undefined ? { kind, name } : { kind: "CronJob", name: cronJob };
}

/** Characters of the hashes and suffixes in generated names: no vowels and no digits that look like letters. */
const SAFE = "[bcdfghjklmnpqrstvwxz2456789]";
const OF_DEPLOYMENT = new RegExp(`^(.+)-${SAFE}{6,10}-${SAFE}{5}$`);
const OF_SET = new RegExp(`^(.+)-${SAFE}{6,10}$`);
const GENERATED = new RegExp(`^(.+)-${SAFE}{5}$`);

/**
 * The workload of a pod, ReplicaSet or Job of which only the name is known, by how controllers name them; `*` ends
 * the name when it may be of several kinds. Everything else stands for itself.
 */
export function ownerByName({ kind, name }: Owner): Owner {
  if (kind === "Job") return jobOwner({ kind, name });
  if (kind === "ReplicaSet") return named("Deployment", OF_SET.exec(name)) ?? { kind, name };
  if (kind !== "Pod") return { kind, name };
  return (
    named("Deployment", OF_DEPLOYMENT.exec(name)) ??
    cronJobPod(name) ??
    named("Pod", GENERATED.exec(name), "-*") ??
    named("StatefulSet", /^(.+)-\d{1,4}$/.exec(name)) ?? { kind, name }
  );
}

function cronJobPod(name: string): Owner | undefined {
  return named("CronJob", new RegExp(`^(.+)-\\d{8,}-${SAFE}{5}$`).exec(name));
}

function named(kind: string, found: RegExpExecArray | null, end = ""): Owner | undefined {
  const name = found?.[1];
  return name === undefined ? undefined : { kind, name: name + end };
}
