import { type KubeObject, type ObjectRef, workloadKinds } from "#domain/kubernetes/object.ts";
import { type Pod, readPod } from "#domain/kubernetes/pod.ts";
import {
  isOwnedBy,
  podsOf,
  readReplicaSet,
  readWorkload,
  type Workload,
} from "#domain/kubernetes/workload.ts";
import { podsOf as allPods } from "./read-once.ts";
import {
  claimNames,
  covers,
  ingressServices,
  isOfRelease,
  isTemplatedClaim,
  scales,
  serviceSelects,
} from "./relations.ts";
import type { Snapshot } from "./snapshot.ts";

/** What a subject comes down to: what runs, and what runs it. */
export interface Core {
  readonly workloads: readonly Workload[];
  readonly pods: readonly Pod[];
  readonly jobs: readonly KubeObject[];
  readonly cronJobs: readonly KubeObject[];
}

export function coreOf({ kind }: ObjectRef, object: KubeObject, snapshot: Snapshot): Core {
  switch (kind) {
    case "deployments":
    case "statefulsets":
    case "daemonsets":
      return ofWorkloads([readWorkload(kind, object)], snapshot);
    case "pods":
      return ofPod(readPod(object), snapshot);
    case "jobs":
      return ofJobs([object], snapshot);
    case "cronjobs":
      return ofCronJob(object, snapshot);
    case "services":
      return ofServices([object], snapshot);
    case "ingresses":
      return ofIngress(object, snapshot);
    case "persistentvolumeclaims":
      return ofClaim(object, snapshot);
    case "horizontalpodautoscalers":
      return where(snapshot, (workload) => scales(object, workload));
    case "poddisruptionbudgets":
      return where(snapshot, ({ template }) => covers(object, template.metadata.labels));
    default:
      return nothing;
  }
}

/** Of all that belongs to a Helm release. */
export function releaseCore(
  release: { readonly name: string; readonly namespace: string },
  snapshot: Snapshot,
): Core {
  const owned = (object: KubeObject) => isInRelease(object, release);
  const workloads = allWorkloads(snapshot).filter(({ object }) => owned(object));
  const cronJobs = snapshot.of("cronjobs").filter(owned);
  const jobs = snapshot.of("jobs").filter(owned);
  return joined(
    ofWorkloads(
      workloads.map(({ workload }) => workload),
      snapshot,
    ),
    ...cronJobs.map((job) => ofCronJob(job, snapshot)),
    ofJobs(jobs, snapshot),
  );
}

/** Whether Helm made the object for this release. */
export function isInRelease(
  object: KubeObject,
  { name, namespace }: { readonly name: string; readonly namespace: string },
): boolean {
  return object.metadata.namespace === namespace && isOfRelease(object, name);
}

const nothing: Core = { workloads: [], pods: [], jobs: [], cronJobs: [] };

function joined(...cores: readonly Core[]): Core {
  return {
    workloads: cores.flatMap(({ workloads }) => workloads),
    pods: cores.flatMap(({ pods }) => pods),
    jobs: cores.flatMap(({ jobs }) => jobs),
    cronJobs: cores.flatMap(({ cronJobs }) => cronJobs),
  };
}

function allWorkloads(snapshot: Snapshot) {
  return workloadKinds.flatMap((kind) =>
    snapshot.of(kind).map((object) => ({ object, workload: readWorkload(kind, object) })),
  );
}

function where(snapshot: Snapshot, holds: (workload: Workload) => boolean): Core {
  const workloads = allWorkloads(snapshot).map(({ workload }) => workload);
  return ofWorkloads(workloads.filter(holds), snapshot);
}

function ofWorkloads(workloads: readonly Workload[], snapshot: Snapshot): Core {
  const replicaSets = snapshot.of("replicasets").map(readReplicaSet);
  const pods = allPods(snapshot);
  return {
    ...nothing,
    workloads,
    pods: workloads.flatMap((workload) => podsOf(workload, replicaSets, pods)),
  };
}

/** The pod alone, without its siblings, and what runs it. */
function ofPod(pod: Pod, snapshot: Snapshot): Core {
  const replicaSets = snapshot.of("replicasets").map(readReplicaSet);
  const workloads = allWorkloads(snapshot)
    .map(({ workload }) => workload)
    .filter((workload) => podsOf(workload, replicaSets, [pod]).length > 0);
  const jobs = snapshot.of("jobs").filter(({ metadata }) => isOwnedBy(pod, metadata.uid));
  return { ...nothing, workloads, pods: [pod], jobs };
}

function ofJobs(jobs: readonly KubeObject[], snapshot: Snapshot): Core {
  const pods = allPods(snapshot).filter((pod) =>
    jobs.some(({ metadata }) => isOwnedBy(pod, metadata.uid)),
  );
  return { ...nothing, jobs, pods };
}

/** The newest run alone: what failed in an older one is no longer the state of things. */
function ofCronJob(cronJob: KubeObject, snapshot: Snapshot): Core {
  const runs = snapshot.of("jobs").filter((job) => isOwnedBy(job, cronJob.metadata.uid));
  const newest = runs.toSorted((a, b) => created(b).localeCompare(created(a))).slice(0, 1);
  return { ...ofJobs(newest, snapshot), cronJobs: [cronJob] };
}

function created({ metadata }: KubeObject): string {
  return metadata.creationTimestamp ?? "";
}

/** Workloads whose pods the Services select, and pods that nothing runs. */
function ofServices(services: readonly KubeObject[], snapshot: Snapshot): Core {
  const selected = (labels: Readonly<Record<string, string>>, namespace: string | undefined) =>
    services.some(
      (service) => service.metadata.namespace === namespace && serviceSelects(service, labels),
    );
  const core = where(snapshot, ({ template, namespace }) =>
    selected(template.metadata.labels, namespace),
  );
  const known = new Set(core.pods.map(({ metadata }) => metadata.uid));
  const others = allPods(snapshot).filter(
    ({ metadata }) => !known.has(metadata.uid) && selected(metadata.labels, metadata.namespace),
  );
  return { ...core, pods: [...core.pods, ...others] };
}

function ofIngress(ingress: KubeObject, snapshot: Snapshot): Core {
  const names = ingressServices(ingress);
  const behind = snapshot
    .of("services")
    .filter(
      ({ metadata }) =>
        metadata.namespace === ingress.metadata.namespace && names.has(metadata.name),
    );
  return ofServices(behind, snapshot);
}

function ofClaim(claim: KubeObject, snapshot: Snapshot): Core {
  const { name } = claim.metadata;
  const workloads = allWorkloads(snapshot)
    .filter(
      ({ object, workload }) =>
        claimNames(workload.template.spec).includes(name) || isTemplatedClaim(name, object),
    )
    .map(({ workload }) => workload);
  const pods = allPods(snapshot).filter(({ spec }) => claimNames(spec).includes(name));
  return { ...nothing, workloads, pods };
}
