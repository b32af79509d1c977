import * as z from "zod";
import type { Cause } from "#domain/diagnosis/cause.ts";
import type { Evidence, Finding } from "#domain/diagnosis/finding.ts";
import type { Scope } from "#domain/diagnosis/scope.ts";
import type { Snapshot } from "#domain/diagnosis/snapshot.ts";
import { type KubeEvent, readEvent } from "#domain/kubernetes/events.ts";
import type { KubeObject } from "#domain/kubernetes/object.ts";
import type { ContainerStatus, Pod, Terminated } from "#domain/kubernetes/pod.ts";
import { type PodState, podState } from "#domain/kubernetes/pods.ts";
import type { Container } from "#domain/kubernetes/template.ts";
import { controllerOf, isOwnedBy } from "#domain/kubernetes/workload.ts";
import { MINUTE } from "#domain/window.ts";
import { newest } from "./words.ts";

/** An event about a pod, with the container that it names. */
export interface PodEvent extends KubeEvent {
  readonly container: string;
}

/** One container of a pod: what it should be, what it is, and how its last run failed. */
export interface Part {
  readonly spec: Container;
  readonly status: ContainerStatus;
  /** Runs to its end before the others start. */
  readonly init: boolean;
  /** The run that failed, while that still matters. */
  readonly failure?: Terminated;
  /** The newest telling lines of the failed run, or of the present one. */
  readonly lines: readonly string[];
}

/** One pod with all that its rules look at. */
export interface Patient {
  readonly pod: Pod;
  /** `Pod data/web-1`. */
  readonly name: string;
  readonly state: PodState;
  readonly parts: readonly Part[];
  /** Those since this pod was made, newest first. */
  readonly events: readonly PodEvent[];
  readonly scope: Scope;
  readonly snapshot: Snapshot;
}

/** What one rule finds in one pod. `about` tells things at fault apart: the name of a ConfigMap, an image. */
export interface Sign {
  readonly cause: Cause;
  readonly confidence: Finding["confidence"];
  readonly about: string;
  readonly summary: string;
  readonly evidence: readonly Evidence[];
  readonly since?: Date | undefined;
  /** Beside the pod itself. */
  readonly affected?: readonly string[];
  readonly remedy: string;
  readonly next?: Finding["next"];
}

export type PodRule = (patient: Patient) => readonly Sign[];

export function patientsOf(scope: Scope, snapshot: Snapshot): readonly Patient[] {
  const events = Map.groupBy(
    snapshot.of("events").map(podEvent),
    ({ namespace, object }) => `${namespace} ${object}`,
  );
  return scope.pods
    .filter((pod) => !isRetried(pod, scope))
    .map((pod) => {
      const { name, namespace = "" } = pod.metadata;
      const about = events.get(`${namespace} Pod/${name}`) ?? [];
      return {
        pod,
        name: `Pod ${namespace}/${name}`,
        state: podState(pod, snapshot.now),
        parts: partsOf(pod, snapshot),
        events: sinceBirth(pod, about),
        scope,
        snapshot,
      };
    });
}

/** A Job's failed pod after which another one runs or has succeeded. */
function isRetried(pod: Pod, { pods }: Scope): boolean {
  const owner = controllerOf(pod.metadata);
  if (owner?.kind !== "Job" || pod.status.phase !== "Failed") return false;
  return pods.some(
    ({ metadata, status }) =>
      isOwnedBy({ metadata }, owner.uid) && /^(?:Running|Succeeded)$/.test(status.phase),
  );
}

const fieldPathSchema = z.object({ involvedObject: z.object({ fieldPath: z.string() }) });

/** Kubelet names the container as `spec.containers{app}` or `spec.initContainers{app}`. */
function podEvent(object: KubeObject): PodEvent {
  const path = fieldPathSchema.safeParse(object).data?.involvedObject.fieldPath ?? "";
  const [, container = ""] = /\{(.+)\}$/.exec(path) ?? [];
  return { ...readEvent(object), container };
}

/** A StatefulSet's pods have the names of those before them, whose events are not theirs. */
function sinceBirth({ metadata }: Pod, events: readonly PodEvent[]): readonly PodEvent[] {
  const born = Date.parse(metadata.creationTimestamp ?? "") || 0;
  return events
    .filter(({ lastAt }) => lastAt.getTime() >= born)
    .toSorted((a, b) => b.lastAt.getTime() - a.lastAt.getTime());
}

function partsOf(pod: Pod, snapshot: Snapshot): readonly Part[] {
  const { initContainers, containers } = pod.spec;
  const { initContainerStatuses, containerStatuses } = pod.status;
  const read = (specs: readonly Container[], statuses: readonly ContainerStatus[]) =>
    specs.flatMap((spec) => {
      const status = statuses.find(({ name }) => name === spec.name);
      return status ? [partOf(pod, spec, status, snapshot)] : [];
    });
  return [...read(initContainers, initContainerStatuses), ...read(containers, containerStatuses)];
}

function partOf(pod: Pod, spec: Container, status: ContainerStatus, snapshot: Snapshot): Part {
  const { name, namespace = "" } = pod.metadata;
  const init =
    spec.restartPolicy !== "Always" &&
    pod.spec.initContainers.some((each) => each.name === spec.name);
  const failure = failureOf(pod, status, init, snapshot.now);
  const lines = newest(snapshot.lines({ namespace, name }, spec.name));
  return { spec, status, init, lines, ...(failure ? { failure } : {}) };
}

/** Kubelet's back-off is forgotten after ten minutes of running; a loop of slow crashes is slower than that. */
const RECENT = 30 * MINUTE;

/** The failed run of a container that waits to run again, is down, or came back a short while ago. */
function failureOf(
  pod: Pod,
  status: ContainerStatus,
  init: boolean,
  now: Date,
): Terminated | undefined {
  const { waiting, terminated } = status.state;
  if (pod.status.phase === "Succeeded" || isReplaced(pod)) return undefined;
  if (waiting) return isLooping(waiting.reason) ? status.lastState.terminated : undefined;
  if (terminated) return terminated.exitCode === 0 ? undefined : terminated;
  return init ? undefined : recentFailure(status, now);
}

/** Pods of a workload end for good when they are evicted or their node goes, and the workload makes others. */
function isReplaced({ status, metadata }: Pod): boolean {
  const owner = controllerOf(metadata);
  return status.phase === "Failed" && owner !== undefined && owner.kind !== "Job";
}

/** One restart may be an accident; more of them, or one that memory forced, are none. */
function recentFailure(status: ContainerStatus, now: Date): Terminated | undefined {
  const ended = status.lastState.terminated;
  if (ended === undefined || !isFailure(ended)) return undefined;
  const age = now.getTime() - Date.parse(ended.finishedAt ?? "");
  const again = status.restartCount > 1 || !status.ready || ended.reason === "OOMKilled";
  return age < RECENT && again ? ended : undefined;
}

function isLooping(reason: string): boolean {
  return ["CrashLoopBackOff", "RunContainerError", "CreateContainerError"].includes(reason);
}

function isFailure({ exitCode, reason }: Terminated): boolean {
  return exitCode !== 0 || reason === "OOMKilled";
}

/** When the first of the events was first seen. */
export function firstSeen(events: readonly PodEvent[]): Date | undefined {
  return events.map(({ firstAt }) => firstAt).sort((a, b) => a.getTime() - b.getTime())[0];
}

/** Whether none of the pod's own containers has got to run. */
export function isUnstarted({ pod, state, parts }: Patient): boolean {
  const { phase, reason } = pod.status;
  const started = parts.some(
    ({ init, status }) => !init && (status.state.running || status.state.terminated),
  );
  return phase === "Pending" && reason === "" && state.status !== "Terminating" && !started;
}
