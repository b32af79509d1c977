import type { KubeObject } from "#domain/kubernetes/object.ts";
import type { Generation } from "#sandbox/cluster/course.ts";
import { podLabels, rendered } from "#sandbox/cluster/manifest.ts";
import {
  isPlaced,
  isReady,
  nodeAddress,
  type Pod,
  runsBy,
  START_MS,
} from "#sandbox/cluster/pods.ts";
import { backoffMs, type Run } from "#sandbox/cluster/runs.ts";
import { hex } from "#sandbox/noise.ts";
import type { At } from "./at.ts";
import { metadata, type Owner, time, version } from "./metadata.ts";
import { evicted, imageOf, startFailure, unplaced } from "./trouble-status.ts";

/** A pod as the API serves it at that instant. */
export function podObject(
  pod: Pod,
  owner: Owner,
  restartedAt: string | undefined,
  at: At,
): KubeObject {
  const { template } = rendered(pod.app, pod.source).deployment.spec;
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: metadata({
      name: pod.name,
      namespace: pod.app.namespace,
      uid: pod.uid,
      version: version(lastChange(pod, at.now)),
      createdAt: pod.createdAt,
      labels: podLabels(pod),
      annotations: templateAnnotations(restartedAt),
      owner,
    }),
    spec: { ...template.spec, ...(isPlaced(pod) ? { nodeName: pod.node } : {}) },
    status: podStatus(pod, at),
  };
}

export function templateAnnotations(restartedAt: string | undefined): Record<string, string> {
  return restartedAt === undefined ? {} : { "kubectl.kubernetes.io/restartedAt": restartedAt };
}

/** What `kubectl rollout restart` left on the pods of that template. */
export function restartOf(generations: readonly Generation[], hash: string): string | undefined {
  return generations.find((generation) => generation.hash === hash)?.restartedAt;
}

function lastChange(pod: Pod, now: number): number {
  const moments = runsBy(pod, now).flatMap((run) => [run.startedAt, run.readyAt, run.endedAt]);
  return Math.max(pod.createdAt, ...moments.filter((moment) => moment <= now));
}

function podStatus(pod: Pod, at: At) {
  const ready = isReady(pod, at.now);
  if (!isPlaced(pod)) return unplaced(pod);
  if (pod.evicted && pod.goneAt <= at.now) return evicted(pod);
  const started = runsBy(pod, at.now).length > 0;
  const since = ready ? readySince(pod, at.now) : lastChange(pod, at.now);
  const condition = (type: string, holds: boolean, when: number) => ({
    type,
    status: holds ? "True" : "False",
    lastProbeTime: null,
    lastTransitionTime: time(when),
    ...(holds || type === "PodScheduled"
      ? {}
      : {
          reason: "ContainersNotReady",
          message: `containers with unready status: [${pod.app.name}]`,
        }),
  });
  return {
    phase: started ? "Running" : "Pending",
    conditions: [
      condition("PodReadyToStartContainers", started, pod.createdAt + START_MS),
      condition("Initialized", true, pod.createdAt),
      condition("Ready", ready, since),
      condition("ContainersReady", ready, since),
      condition("PodScheduled", true, pod.createdAt),
    ],
    hostIP: nodeAddress(pod.node),
    podIP: pod.ip,
    podIPs: [{ ip: pod.ip }],
    startTime: time(pod.createdAt),
    containerStatuses: [containerStatus(pod, at)],
    qosClass: "Burstable",
  };
}

function readySince(pod: Pod, now: number): number {
  return runsBy(pod, now).at(-1)?.readyAt ?? pod.createdAt;
}

function containerStatus(pod: Pod, at: At) {
  const runs = runsBy(pod, at.now);
  const current = runs.at(-1);
  const running = current && current.endedAt > at.now;
  const ended = runs.findLast((run) => run.endedAt <= at.now);
  const { repository, tag } = pod.source.values.image;
  return {
    name: pod.app.name,
    image: imageOf(pod),
    imageID: running || ended ? `${repository}@sha256:${hex(64, 0, repository, tag)}` : "",
    ...(current ? { containerID: containerId(pod, current) } : {}),
    ready: isReady(pod, at.now),
    started: running ?? false,
    restartCount: Math.max(0, runs.length - 1),
    state: running
      ? { running: { startedAt: time(current.startedAt) } }
      : waiting(pod, current, at),
    lastState: ended ? { terminated: terminated(pod, ended) } : {},
  };
}

function containerId(pod: Pod, run: Run): string {
  return `containerd://${hex(64, 0, pod.uid, run.index)}`;
}

function terminated(pod: Pod, run: Run) {
  return {
    exitCode: run.end?.exitCode ?? 0,
    reason: run.end?.reason ?? "Completed",
    startedAt: time(run.startedAt),
    finishedAt: time(run.endedAt),
    containerID: containerId(pod, run),
  };
}

function waiting(pod: Pod, last: Run | undefined, at: At) {
  if (last) {
    const seconds = backoffMs(last) / 1000;
    const text = seconds < 60 ? `${seconds}s` : `${Math.floor(seconds / 60)}m${seconds % 60}s`;
    const message =
      `back-off ${text} restarting failed container=${pod.app.name} ` +
      `pod=${pod.name}_${pod.app.namespace}(${pod.uid})`;
    return { waiting: { reason: "CrashLoopBackOff", message } };
  }
  const failure = at.now < pod.createdAt + START_MS ? undefined : startFailure(pod);
  return { waiting: failure ?? { reason: "ContainerCreating" } };
}
