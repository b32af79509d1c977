import type { KubeObject, ObjectRef } from "#domain/kubernetes/object.ts";

export const changeKinds = [
  "rollout",
  "scale",
  "helm",
  "config",
  "secret",
  "settings",
  "node",
] as const;

/** Two objects that keep pod templates of a workload. */
export interface Comparison {
  readonly kind: "replicasets" | "controllerrevisions";
  readonly namespace: string;
  readonly before: string;
  readonly after: string;
}

/** Something that somebody, or a controller, changed. */
export interface RecentChange {
  readonly kind: (typeof changeKinds)[number];
  readonly at: Date;
  readonly ref: ObjectRef;
  /** As `Deployment/web`. */
  readonly object: string;
  /** The client that made it, by the name that it gives itself; untrusted text, empty when it is not known. */
  readonly who: string;
  /** In our own words, and names of fields and keys. */
  readonly summary: string;
  /** Untrusted text. */
  readonly details: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
  /** The Helm release that the object belongs to. */
  readonly release?: string;
  /** Templates whose difference tells what was changed. */
  readonly compare?: Comparison;
  /** What a Helm revision changed. */
  readonly parts?: readonly RecentChange[];
}

/** What every change says of its object. */
export function aboutObject(
  kind: ObjectRef["kind"],
  word: string,
  { metadata }: Pick<KubeObject, "metadata">,
): Pick<RecentChange, "ref" | "object" | "labels" | "release"> {
  const { name, namespace, labels, annotations } = metadata;
  const release = annotations["meta.helm.sh/release-name"];
  return {
    ref: { kind, name, ...(namespace === undefined ? {} : { namespace }) },
    object: `${word}/${name}`,
    labels,
    ...(release === undefined ? {} : { release }),
  };
}
