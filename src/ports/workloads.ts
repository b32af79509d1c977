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
}

export interface ObjectList {
  readonly items: readonly KubeObject[];
  /** How many the API says it left out, when it left any out; -1 when it does not count them. */
  readonly remaining: number;
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
}
