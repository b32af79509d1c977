import { type ContainerStatus, hasCondition, type Pod, type Terminated } from "./pod.ts";
import type { PodSpec } from "./template.ts";

export interface ShownStatus {
  readonly status: string;
  readonly ready: number;
  readonly total: number;
  readonly restarts: number;
}

/** The rules by which kubectl prints STATUS, READY and RESTARTS of a pod. */
export function shownStatus(pod: Pod): ShownStatus {
  const sidecars = sidecarNames(pod.spec);
  const init = initStatus(pod, sidecars);
  const main =
    init.word === undefined || hasCondition(pod, "Initialized")
      ? mainStatus(pod, init.word ?? phaseWord(pod))
      : { status: init.word, ready: 0, restarts: init.restarts };
  return {
    status: deletionWord(pod) ?? main.status,
    ready: main.ready + init.sidecarsReady,
    total: pod.spec.containers.length + sidecars.size,
    restarts: main.restarts,
  };
}

function sidecarNames(spec: PodSpec): ReadonlySet<string> {
  const sidecars = spec.initContainers.filter(({ restartPolicy }) => restartPolicy === "Always");
  return new Set(sidecars.map(({ name }) => name));
}

function phaseWord({ status }: Pod): string {
  const gated = status.conditions.some(
    ({ type, reason }) => type === "PodScheduled" && reason === "SchedulingGated",
  );
  return gated ? "SchedulingGated" : status.reason || status.phase;
}

/** The word of the first init container that is not done, and the sidecars that are ready before it. */
function initStatus(pod: Pod, sidecars: ReadonlySet<string>) {
  const statuses = pod.status.initContainerStatuses;
  const unfinished = statuses.findIndex((status) => !initDone(status, sidecars));
  const passed = unfinished === -1 ? statuses : statuses.slice(0, unfinished);
  const current = statuses[unfinished];
  const seen = current ? [...passed, current] : passed;
  return {
    word: current && initWord(current, unfinished, pod.spec.initContainers.length),
    sidecarsReady: passed.filter(({ name, ready }) => sidecars.has(name) && ready).length,
    restarts: sum(seen),
  };
}

function initDone(status: ContainerStatus, sidecars: ReadonlySet<string>): boolean {
  const succeeded = status.state.terminated?.exitCode === 0;
  return succeeded || (sidecars.has(status.name) && status.started === true);
}

function initWord({ state }: ContainerStatus, index: number, total: number): string {
  if (state.terminated) return `Init:${terminatedWord(state.terminated)}`;
  const waiting = state.waiting?.reason ?? "";
  return waiting !== "" && waiting !== "PodInitializing"
    ? `Init:${waiting}`
    : `Init:${index}/${total}`;
}

function terminatedWord({ reason, signal, exitCode }: Terminated): string {
  return reason || (signal === 0 ? `ExitCode:${exitCode}` : `Signal:${signal}`);
}

function mainStatus(pod: Pod, otherwise: string) {
  const statuses = pod.status.containerStatuses;
  const running = statuses.filter(({ ready, state }) => ready && state.running).length;
  const word = statuses.map(containerWord).find((found) => found !== undefined) ?? otherwise;
  const status = word === "Completed" && running > 0 ? partlyCompleted(pod) : word;
  const sidecars = sidecarNames(pod.spec);
  const counted = pod.status.initContainerStatuses.filter(({ name }) => sidecars.has(name));
  return { status, ready: running, restarts: sum([...counted, ...statuses]) };
}

function containerWord({ state }: ContainerStatus): string | undefined {
  if (state.waiting && state.waiting.reason !== "") return state.waiting.reason;
  return state.terminated && terminatedWord(state.terminated);
}

function partlyCompleted(pod: Pod): string {
  return hasCondition(pod, "Ready") ? "Running" : "NotReady";
}

function deletionWord({ metadata, status }: Pod): string | undefined {
  if (metadata.deletionTimestamp === undefined) return undefined;
  if (status.reason === "NodeLost") return "Unknown";
  return ["Succeeded", "Failed"].includes(status.phase) ? undefined : "Terminating";
}

function sum(statuses: readonly ContainerStatus[]): number {
  return statuses.reduce((total, { restartCount }) => total + restartCount, 0);
}
