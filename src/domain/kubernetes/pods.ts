import { duration } from "#domain/text/time.ts";
import type { ContainerStatus, Pod, Terminated } from "./pod.ts";
import { type ShownStatus, shownStatus } from "./pod-status.ts";

/** How a container's last run ended. */
export interface LastExit {
  readonly container: string;
  readonly code: number;
  readonly reason: string;
  readonly at?: Date;
}

/** What a pod's phase hides. */
export interface PodState {
  readonly name: string;
  readonly namespace: string;
  /** The word that kubectl prints: CrashLoopBackOff, Init:Error, Terminating, Running … */
  readonly status: string;
  readonly health: "failing" | "waiting" | "well";
  /** Ready containers of all, as `1/2`. */
  readonly ready: string;
  readonly restarts: number;
  readonly lastRestartAt?: Date;
  readonly lastExit?: LastExit;
  /** Why it waits, in the words of kubelet or scheduler; untrusted text, empty when it does not wait. */
  readonly message: string;
  readonly node: string;
  readonly age: string;
}

export function podState(pod: Pod, now: Date): PodState {
  const shown = shownStatus(pod);
  const lastExit = newestExit(pod);
  const lastRestartAt = newestRestart(pod);
  return {
    name: pod.metadata.name,
    namespace: pod.metadata.namespace ?? "",
    status: shown.status,
    health: podHealth(pod, shown),
    ready: `${shown.ready}/${shown.total}`,
    restarts: shown.restarts,
    ...(lastRestartAt ? { lastRestartAt } : {}),
    ...(lastExit ? { lastExit } : {}),
    message: waitingMessage(pod),
    node: pod.spec.nodeName,
    age: age(pod.metadata.creationTimestamp, now),
  };
}

/** Time since `createdAt` in words; empty when it is not known. */
export function age(createdAt: string | null | undefined, now: Date): string {
  return createdAt ? duration(now.getTime() - new Date(createdAt).getTime()) : "";
}

/** Words of a pod on its way up or down, or at its regular end. Every other word is a failure. */
const passing =
  /^(Pending|SchedulingGated|ContainerCreating|PodInitializing|Terminating|NotReady|Running)$|^Init:\d/;

function podHealth(pod: Pod, { status, ready, total }: ShownStatus): PodState["health"] {
  if (status === "Completed" || status === "Succeeded") return "well";
  if (unschedulable(pod) || !passing.test(status)) return "failing";
  return status === "Running" && ready === total ? "well" : "waiting";
}

/** Why the scheduler finds no node for it; untrusted text. */
export function unschedulable(pod: Pod): string | undefined {
  return pod.status.conditions.find(
    ({ type, status, reason }) =>
      type === "PodScheduled" && status === "False" && reason === "Unschedulable",
  )?.message;
}

function waitingMessage(pod: Pod): string {
  const { status } = pod;
  const waiting = allStatuses(pod).map(({ state }) => state.waiting?.message ?? "");
  return waiting.find((message) => message !== "") ?? unschedulable(pod) ?? status.message;
}

function allStatuses({ status }: Pod): readonly ContainerStatus[] {
  return [...status.initContainerStatuses, ...status.containerStatuses];
}

/** The newest end of a run that failed or that another run followed. */
function newestExit(pod: Pod): LastExit | undefined {
  const exits = allStatuses(pod).flatMap(({ name, state, lastState }) => {
    const failed = state.terminated?.exitCode ? state.terminated : undefined;
    const ended = failed ?? lastState.terminated;
    return ended ? [exit(name, ended)] : [];
  });
  return exits.sort((a, b) => time(b.at) - time(a.at))[0];
}

function exit(container: string, { exitCode, reason, finishedAt }: Terminated): LastExit {
  const at = finishedAt ? { at: new Date(finishedAt) } : {};
  return { container, code: exitCode, reason, ...at };
}

function newestRestart(pod: Pod): Date | undefined {
  const ends = allStatuses(pod).flatMap(({ lastState }) => lastState.terminated?.finishedAt ?? []);
  return ends.map((text) => new Date(text)).sort((a, b) => time(b) - time(a))[0];
}

function time(at: Date | undefined): number {
  return at?.getTime() ?? 0;
}
