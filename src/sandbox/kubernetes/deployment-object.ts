import type { KubeObject } from "#domain/kubernetes/object.ts";
import type { App } from "#sandbox/cluster/app.ts";
import type { Generation } from "#sandbox/cluster/course.ts";
import type { AppHistory } from "#sandbox/cluster/history.ts";
import { rendered } from "#sandbox/cluster/manifest.ts";
import { isReady, isThere, isWanted, type Pod, runsBy } from "#sandbox/cluster/pods.ts";
import type { At } from "./at.ts";
import { deploymentWriters, statusWriter, type Writer } from "./managed.ts";
import { metadata, time, uidOf, version } from "./metadata.ts";
import { templateAnnotations } from "./pod-object.ts";
import { overQuota } from "./trouble-status.ts";

/** The deployment as the API serves it at that instant. */
export function deploymentObject(app: App, at: At): KubeObject | undefined {
  const past = at.history(app);
  const now = past.generation(at.now);
  if (!now) return undefined;
  const { deployment } = rendered(app, now.chart);
  const { template } = rendered(app, now.source).deployment.spec;
  const { paused: _, ...spec } = deployment.spec;
  const status = deploymentStatus(past, now, at.now);
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: metadata({
      name: app.name,
      namespace: app.namespace,
      uid: uidOf(at.seed, "Deployment", app.namespace, app.name),
      version: version(lastChange(past, at.now), now.generation),
      generation: now.generation,
      createdAt: app.revisions[0].at,
      labels: deployment.metadata.labels,
      annotations: { ...releaseAnnotations(app), ...rolloutAnnotation(now) },
      writers: [...deploymentWriters(app, past, at.now), controller(past, status, at.now)],
    }),
    spec: {
      ...spec,
      ...(now.paused ? { paused: true } : {}),
      replicas: now.replicas,
      template: {
        ...template,
        metadata: { ...template.metadata, annotations: templateAnnotations(now.restartedAt) },
      },
    },
    status,
  };
}

function controller(past: AppHistory, status: object, now: number): Writer {
  return statusWriter(lastChange(past, now), status);
}

export function releaseAnnotations(app: App): Readonly<Record<string, string>> {
  return {
    "meta.helm.sh/release-name": app.name,
    "meta.helm.sh/release-namespace": app.namespace,
  };
}

export function rolloutAnnotation({ rollout }: Generation): Readonly<Record<string, string>> {
  return { "deployment.kubernetes.io/revision": String(rollout) };
}

/** When anything about the deployment or its pods last changed. */
export function lastChange({ course }: AppHistory, now: number): number {
  const moments = [
    ...course.generations.map(({ at }) => at),
    ...course.pods.flatMap((pod) => [pod.createdAt, pod.goneAt, ...turns(pod, now)]),
  ];
  return Math.max(0, ...moments.filter((moment) => moment <= now));
}

/** When the pod became ready or stopped being so. */
function turns(pod: Pod, now: number): readonly number[] {
  return runsBy(pod, now).flatMap((run) => [run.readyAt, run.endedAt]);
}

function deploymentStatus(past: AppHistory, spec: Generation, now: number) {
  const pods = past.pods(now);
  const ready = pods.filter((pod) => isReady(pod, now)).length;
  const missing = Math.max(0, spec.replicas - ready);
  return {
    observedGeneration: spec.generation,
    ...(pods.length > 0 ? { replicas: pods.length } : {}),
    ...(pods.length > 0 ? { updatedReplicas: updated(pods, spec).length } : {}),
    ...(ready > 0 ? { readyReplicas: ready, availableReplicas: ready } : {}),
    ...(missing > 0 ? { unavailableReplicas: missing } : {}),
    conditions: [
      available(past, spec, now, ready),
      isHalted(past, spec, now) ? halted(spec) : progressing(past, spec, now),
      ...failures(past, now),
    ],
  };
}

/** Set while a ReplicaSet is kept from making a pod. */
function failures({ course }: AppHistory, now: number) {
  const kept = course.pods.find((pod) => pod.trouble?.kind === "quota" && isWanted(pod, now));
  if (kept === undefined) return [];
  return [
    {
      type: "ReplicaFailure",
      status: "True",
      reason: "FailedCreate",
      message: overQuota(kept),
      lastUpdateTime: time(kept.createdAt),
      lastTransitionTime: time(kept.createdAt),
    },
  ];
}

function updated(pods: readonly Pod[], spec: Generation): readonly Pod[] {
  return pods.filter((pod) => pod.hash === spec.hash);
}

function available(past: AppHistory, spec: Generation, now: number, ready: number) {
  const holds = ready >= spec.replicas - Math.floor(spec.replicas / 4);
  return {
    type: "Available",
    status: holds ? "True" : "False",
    reason: holds ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
    message: `Deployment ${holds ? "has" : "does not have"} minimum availability.`,
    lastUpdateTime: time(lastChange(past, now)),
    lastTransitionTime: time(lastChange(past, now)),
  };
}

/** Once the newest ReplicaSet was fully available it counts as progressed, whatever its pods do later. */
function progressing({ course }: AppHistory, spec: Generation, now: number) {
  const begun = course.generations.find(
    (one) => one.hash === spec.hash && one.rollout === spec.rollout,
  );
  const since = begun?.at ?? spec.at;
  const news = course.pods.filter((pod) => pod.hash === spec.hash && isThere(pod, now));
  const doneAt = Math.max(since, ...news.map((pod) => pod.readyAt));
  const rs = `ReplicaSet "${course.app.name}-${spec.hash}"`;
  const done = doneAt <= now && news.length >= spec.replicas;
  const overdue = !done && now - since > 600_000;
  const reason = overdue
    ? "ProgressDeadlineExceeded"
    : done
      ? "NewReplicaSetAvailable"
      : "ReplicaSetUpdated";
  const state = overdue
    ? "has timed out progressing"
    : done
      ? "has successfully progressed"
      : "is progressing";
  const updatedAt = done ? doneAt : since;
  return {
    type: "Progressing",
    status: overdue ? "False" : "True",
    reason,
    message: `${rs} ${state}.`,
    lastUpdateTime: time(updatedAt),
    lastTransitionTime: time(since),
  };
}

/** Whether a rollout was stopped half-way. */
function isHalted(past: AppHistory, spec: Generation, now: number): boolean {
  return spec.paused && updated(past.pods(now), spec).length < spec.replicas;
}

/** A paused rollout has no deadline. */
function halted({ at }: Generation) {
  return {
    type: "Progressing",
    status: "Unknown",
    reason: "DeploymentPaused",
    message: "Deployment is paused",
    lastUpdateTime: time(at),
    lastTransitionTime: time(at),
  };
}
