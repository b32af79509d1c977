import * as z from "zod";
import { type KubeObject, metadataSchema, type WorkloadKind } from "./object.ts";
import { type Condition, conditionSchema, type Pod } from "./pod.ts";
import { type Selector, selectorSchema } from "./selector.ts";
import {
  type PodTemplate,
  podTemplateSchema,
  type TemplateRead,
  templateReads,
} from "./template.ts";

type Metadata = KubeObject["metadata"];

/** A Deployment, StatefulSet or DaemonSet, read into one shape. */
export interface Workload {
  readonly kind: WorkloadKind;
  readonly metadata: Metadata;
  readonly name: string;
  readonly namespace: string;
  readonly generation: number;
  readonly observedGeneration: number;
  /** Replicas asked for; of a DaemonSet the nodes that should run one. */
  readonly desired: number;
  /** Replicas there are, of any revision. */
  readonly current: number;
  readonly updated: number;
  readonly ready: number;
  readonly available: number;
  readonly paused: boolean;
  /** RollingUpdate, Recreate or OnDelete. */
  readonly strategy: string;
  /** Of a StatefulSet: pods with a lower ordinal keep the old template. */
  readonly partition: number;
  readonly selector: Selector;
  readonly template: PodTemplate;
  readonly conditions: readonly Condition[];
  /** Revisions of a StatefulSet's pods: the one being left and the one being rolled out. */
  readonly currentRevision: string;
  readonly updateRevision: string;
}

const strategySchema = z
  .object({
    type: z.string().default("RollingUpdate"),
    rollingUpdate: z.object({ partition: z.int().default(0) }).prefault({}),
  })
  .prefault({});

const workloadSchema = z.object({
  metadata: metadataSchema,
  spec: z.object({
    replicas: z.int().default(1),
    paused: z.boolean().default(false),
    selector: selectorSchema.prefault({}),
    template: podTemplateSchema.prefault({}),
    strategy: strategySchema,
    updateStrategy: strategySchema,
  }),
  status: z
    .object({
      observedGeneration: z.int().default(0),
      conditions: z.array(conditionSchema).default([]),
      replicas: z.int().default(0),
      updatedReplicas: z.int().default(0),
      readyReplicas: z.int().default(0),
      availableReplicas: z.int().default(0),
      currentRevision: z.string().default(""),
      updateRevision: z.string().default(""),
      desiredNumberScheduled: z.int().default(0),
      currentNumberScheduled: z.int().default(0),
      updatedNumberScheduled: z.int().default(0),
      numberReady: z.int().default(0),
      numberAvailable: z.int().default(0),
    })
    .prefault({}),
});
type Raw = z.output<typeof workloadSchema>;

export function readWorkload(kind: WorkloadKind, object: KubeObject): Workload {
  const raw = workloadSchema.parse(object);
  const { metadata, spec, status } = raw;
  const strategy = kind === "deployments" ? spec.strategy : spec.updateStrategy;
  return {
    kind,
    metadata,
    name: metadata.name,
    namespace: metadata.namespace ?? "",
    generation: metadata.generation ?? 0,
    observedGeneration: status.observedGeneration,
    ...(kind === "daemonsets" ? nodeCounts(raw) : replicaCounts(raw)),
    paused: spec.paused,
    strategy: strategy.type,
    partition: strategy.rollingUpdate.partition,
    selector: spec.selector,
    template: spec.template,
    conditions: status.conditions,
    currentRevision: status.currentRevision,
    updateRevision: status.updateRevision,
  };
}

function replicaCounts({ spec, status }: Raw) {
  return {
    desired: spec.replicas,
    current: status.replicas,
    updated: status.updatedReplicas,
    ready: status.readyReplicas,
    available: status.availableReplicas,
  };
}

function nodeCounts({ status }: Raw) {
  return {
    desired: status.desiredNumberScheduled,
    current: status.currentNumberScheduled,
    updated: status.updatedNumberScheduled,
    ready: status.numberReady,
    available: status.numberAvailable,
  };
}

const kindWords = {
  deployments: "Deployment",
  statefulsets: "StatefulSet",
  daemonsets: "DaemonSet",
} as const;

/** `Deployment`, as objects name their kind. */
export function kindWord(kind: WorkloadKind): (typeof kindWords)[WorkloadKind] {
  return kindWords[kind];
}

/** `deployment/web`, as kubectl names it. */
export function workloadLabel({ kind, name }: Pick<Workload, "kind" | "name">): string {
  return `${kindWords[kind].toLowerCase()}/${name}`;
}

/** The object that manages this one. */
export function controllerOf({
  ownerReferences,
}: Metadata): Metadata["ownerReferences"][number] | undefined {
  return ownerReferences.find(({ controller }) => controller) ?? ownerReferences[0];
}

export function isOwnedBy(object: { readonly metadata: Metadata }, uid: string): boolean {
  return uid !== "" && object.metadata.ownerReferences.some((owner) => owner.uid === uid);
}

const replicaSetSchema = z.object({
  metadata: metadataSchema,
  spec: z
    .object({ replicas: z.int().default(0), template: podTemplateSchema.prefault({}) })
    .prefault({}),
  status: z
    .object({ replicas: z.int().default(0), readyReplicas: z.int().default(0) })
    .prefault({}),
});
export type ReplicaSet = z.output<typeof replicaSetSchema>;

export function readReplicaSet(object: KubeObject): ReplicaSet {
  return replicaSetSchema.parse(object);
}

/** Number of the template that the Deployment's controller wrote on it and on its ReplicaSets; 0 when there is none. */
export function revisionOf({ annotations }: Metadata): number {
  return Number(annotations["deployment.kubernetes.io/revision"] ?? 0);
}

/** The Deployment's ReplicaSets, newest revision first. */
export function replicaSetsOf(
  workload: Workload,
  all: readonly ReplicaSet[],
): readonly ReplicaSet[] {
  return all
    .filter((set) => isOwnedBy(set, workload.metadata.uid))
    .sort((a, b) => revisionOf(b.metadata) - revisionOf(a.metadata));
}

/** Pods that the workload manages, through its ReplicaSets or directly. */
export function podsOf(
  workload: Workload,
  replicaSets: readonly ReplicaSet[],
  pods: readonly Pod[],
): readonly Pod[] {
  const sets = replicaSetsOf(workload, replicaSets).map(({ metadata }) => metadata.uid);
  const owners = [workload.metadata.uid, ...sets];
  return pods.filter((pod) => owners.some((uid) => isOwnedBy(pod, uid)));
}

/** Those of the pods that run the template as it is now. */
export function currentPods(
  workload: Workload,
  replicaSets: readonly ReplicaSet[],
  pods: readonly Pod[],
): readonly Pod[] {
  const own = podsOf(workload, replicaSets, pods);
  switch (workload.kind) {
    case "deployments": {
      const newest = replicaSetsOf(workload, replicaSets)[0]?.metadata.uid ?? "";
      return own.filter((pod) => isOwnedBy(pod, newest));
    }
    case "statefulsets":
      return own.filter(
        (pod) => label(pod, "controller-revision-hash") === workload.updateRevision,
      );
    case "daemonsets":
      return own.filter(
        (pod) => label(pod, "pod-template-generation") === templateGeneration(workload),
      );
  }
}

/** The API server counts a DaemonSet's templates here, and its controller labels pods with the count. */
function templateGeneration({ metadata }: Workload): string | undefined {
  return metadata.annotations["deprecated.daemonset.template.generation"];
}

function label({ metadata }: Pod, name: string): string | undefined {
  return metadata.labels[name];
}

/** A workload that reads a ConfigMap or Secret, and each way in which it does. */
export interface Reader {
  readonly workload: Workload;
  readonly reads: readonly TemplateRead[];
}

/** Which of the workloads read the ConfigMap or Secret. All must be of its namespace. */
export function readersOf(
  source: Pick<TemplateRead, "kind" | "name">,
  workloads: readonly Workload[],
): readonly Reader[] {
  return workloads.flatMap((workload) => {
    const reads = templateReads(workload.template).filter(
      ({ kind, name }) => kind === source.kind && name === source.name,
    );
    return reads.length > 0 ? [{ workload, reads }] : [];
  });
}
