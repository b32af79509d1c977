import type { KubeObject, ResourceKind } from "#domain/kubernetes/object.ts";

/** All that a diagnosis looks at: what was read, and what could not be. */
export interface Snapshot {
  readonly now: Date;
  /** Objects of a kind, of the subject's namespace and of the cluster; empty when there are none or they were not read. */
  of(kind: ResourceKind): readonly KubeObject[];
  /** Newest lines of a container's ended run, oldest first, or of its present run when none ended. */
  lines(
    pod: { readonly namespace: string; readonly name: string },
    container: string,
  ): readonly string[];
  /** Pods of the cluster's DNS; absent when they were not read. */
  readonly dns?: readonly KubeObject[];
  /** Pods of ingress controllers, in whatever namespace; absent when they were not read. */
  readonly ingressControllers?: readonly KubeObject[];
  /** Kinds that these credentials may not read, or whose list was cut: a finding may not rest on their absence. */
  readonly unread: readonly ResourceKind[];
}
