import type { JsonObject } from "#domain/json.ts";
import type { Right } from "#domain/kubernetes/access.ts";
import type { ApiHealth } from "#domain/kubernetes/api-health.ts";
import type { ContainerChange, ReplicaBounds } from "#domain/kubernetes/container-change.ts";
import type { Eviction, PodRef } from "#domain/kubernetes/eviction.ts";
import type { NewJob } from "#domain/kubernetes/new-job.ts";
import type {
  KubeObject,
  ObjectRef,
  ResourceKind,
  WorkloadKind,
} from "#domain/kubernetes/object.ts";
import type { ServedKind } from "#domain/kubernetes/places.ts";
import type { TrafficShift } from "#domain/kubernetes/traffic-shift.ts";
import type { LogLine } from "#domain/logs/line.ts";

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

/** The same of any kind that the API serves. */
export type ServedQuery = Omit<ObjectQuery, "kind"> & { readonly kind: ServedKind };

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

export interface NamespacedName {
  readonly namespace: string;
  readonly name: string;
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

/** What is read of a container's log. Both limits always hold, and `tailLines` before `limitBytes`. */
export interface PodLogQuery {
  readonly container: string;
  /** The run before the present one. */
  readonly previous: boolean;
  readonly since?: Date;
  /** The newest so many lines. */
  readonly tailLines: number;
  /** Bytes of the answer, timestamps included; what is newer than the byte at which it ends is missing. */
  readonly limitBytes: number;
}

/** The objects of one cluster. Secrets come without values: keys stay, data is empty text. */
export interface Workloads {
  /** `undefined` when there is no such object. Throws `access_denied` when it cannot be seen. */
  get(ref: ObjectRef, signal: AbortSignal): Promise<KubeObject | undefined>;
  list(query: ObjectQuery, signal: AbortSignal): Promise<ObjectList>;
  /** Kinds that the API serves and lists, custom resources too; as they were at most a few minutes ago. */
  kinds(signal: AbortSignal): Promise<readonly ServedKind[]>;
  listServed(query: ServedQuery, signal: AbortSignal): Promise<ObjectList>;
  /** Sets the pod template's restart annotation, as `kubectl rollout restart` does. */
  restart(ref: WorkloadRef, at: Date, change: Change, signal: AbortSignal): Promise<KubeObject>;
  scale(
    ref: WorkloadRef,
    replicas: number,
    change: Change,
    signal: AbortSignal,
  ): Promise<KubeObject>;
  /** Makes the pod template this one, whatever it was. */
  setTemplate(
    ref: WorkloadRef,
    template: JsonObject,
    change: Change,
    signal: AbortSignal,
  ): Promise<KubeObject>;
  /** Sets values of one container of the pod template. */
  setContainer(
    ref: WorkloadRef,
    container: ContainerChange,
    change: Change,
    signal: AbortSignal,
  ): Promise<KubeObject>;
  /** Stops a Deployment's rollout, or lets it go on. */
  setPaused(
    ref: NamespacedName,
    paused: boolean,
    change: Change,
    signal: AbortSignal,
  ): Promise<KubeObject>;
  /** Sets the bounds of a HorizontalPodAutoscaler. */
  setBounds(
    ref: NamespacedName,
    bounds: ReplicaBounds,
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
  /**
   * A container's lines as they arrive, oldest first. Throws `not_found` when there is no such pod or no run to read,
   * and `invalid_input` when the pod has no such container.
   */
  logs(
    ref: { readonly namespace: string; readonly name: string },
    query: PodLogQuery,
    signal: AbortSignal,
  ): AsyncIterable<LogLine>;
  /** Closes a node to new pods, or opens it again. */
  cordon(node: string, cordoned: boolean, change: Change, signal: AbortSignal): Promise<KubeObject>;
  /** Asks for a pod's eviction, which disruption budgets may put off. Throws `conflict` for a pod of another uid. */
  evict(pod: PodRef, dryRun: boolean, signal: AbortSignal): Promise<Eviction>;
  /** Throws `conflict` when there is a job of that name. */
  createJob(job: NewJob, dryRun: boolean, signal: AbortSignal): Promise<KubeObject>;
  /** Sets a Service's selector, a canary Ingress's weight or an HTTPRoute's rules. */
  shiftTraffic(shift: TrafficShift, change: Change, signal: AbortSignal): Promise<KubeObject>;
  /** How the API server is. Needs no right. */
  health(signal: AbortSignal): Promise<ApiHealth>;
  /** Whether these credentials have the right, by the API server's own word. */
  may(right: Right, signal: AbortSignal): Promise<boolean>;
}
