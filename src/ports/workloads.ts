import type { Right } from "#domain/kubernetes/access.ts";
import type {
  KubeObject,
  ObjectRef,
  ResourceKind,
  WorkloadKind,
} from "#domain/kubernetes/object.ts";

export interface ObjectQuery {
  readonly kind: ResourceKind;
  /** All namespaces when absent. Ignored for cluster-scoped kinds. */
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
  readonly limit: number;
  /** Goes on where an earlier list of the same query ended. */
  readonly continue?: string;
  /** Metadata alone, managed fields included: who changed which keys, and no values. */
  readonly metadataOnly?: boolean;
}

export interface ObjectList {
  readonly items: readonly KubeObject[];
  /** How many the API says it left out, when it left any out; -1 when it does not count them. */
  readonly remaining: number;
  /** Present while there is more; good for a few minutes. */
  readonly continue?: string;
}

export interface WorkloadRef extends ObjectRef {
  readonly kind: WorkloadKind;
  readonly namespace: string;
}

/** A change holds only for the object as it was read. */
export interface Precondition {
  readonly uid: string;
  readonly resourceVersion: string;
}

export interface Change {
  readonly expects: Precondition;
  /** Runs authorisation, admission and validation and changes nothing. */
  readonly dryRun: boolean;
  /** Set on the object itself, never on its pod template. */
  readonly annotations?: Readonly<Record<string, string>>;
}

/** The objects of one cluster. Secrets come without values: keys stay, data is empty text. */
export interface Workloads {
  /** `undefined` when there is no such object. Throws `access_denied` when it cannot be seen. */
  get(ref: ObjectRef, signal: AbortSignal): Promise<KubeObject | undefined>;
  list(query: ObjectQuery, signal: AbortSignal): Promise<ObjectList>;
  /** Sets the pod template's restart annotation, as `kubectl rollout restart` does. */
  restart(ref: WorkloadRef, at: Date, change: Change, signal: AbortSignal): Promise<KubeObject>;
  scale(
    ref: WorkloadRef,
    replicas: number,
    change: Change,
    signal: AbortSignal,
  ): Promise<KubeObject>;
  /** Sets keys of `data`; `null` removes one. */
  patchConfigMap(
    ref: { readonly namespace: string; readonly name: string },
    data: Readonly<Record<string, string | null>>,
    change: Change,
    signal: AbortSignal,
  ): Promise<KubeObject>;
  /** Whether these credentials have the right, by the API server's own word. */
  may(right: Right, signal: AbortSignal): Promise<boolean>;
}
