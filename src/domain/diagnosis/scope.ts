import type { KubeObject, ObjectRef, ResourceKind } from "#domain/kubernetes/object.ts";
import type { Pod } from "#domain/kubernetes/pod.ts";
import type { Workload } from "#domain/kubernetes/workload.ts";
import type { Finding } from "./finding.ts";
import type { Snapshot } from "./snapshot.ts";

/** What a diagnosis is about: the object that was asked for, and all that works for it or depends on it. */
export interface Scope {
  readonly subject: ObjectRef;
  readonly object: KubeObject;
  /** Deployments, StatefulSets and DaemonSets that run its pods. */
  readonly workloads: readonly Workload[];
  readonly pods: readonly Pod[];
  /** Of the other kinds: Services and Ingresses in front, autoscalers, budgets, claims, Jobs, nodes under it … */
  of(kind: ResourceKind): readonly KubeObject[];
}

/** One idea of what may be wrong. Pure: it finds nothing where its signs are absent. */
export type Analyzer = (scope: Scope, snapshot: Snapshot) => readonly Finding[];
