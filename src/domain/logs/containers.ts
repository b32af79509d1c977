import type { ContainerStatus, Pod } from "#domain/kubernetes/pod.ts";

/** A container whose log may be read, and what its state says of that. */
export interface LogContainer {
  readonly name: string;
  /** In a few words: `running`, `CrashLoopBackOff, last exit 137 OOMKilled`. */
  readonly state: string;
  readonly restarts: number;
  /** It failed, or cannot start. */
  readonly sick: boolean;
  /** Why there is nothing to read now. */
  readonly waiting?: string;
  /** The kubelet's words on that; untrusted. */
  readonly message: string;
  /** An earlier run has ended, and its log is kept. */
  readonly earlier: boolean;
}

/** Sidecars that a mesh or an agent puts in: their lines seldom tell why the program fails. */
const INJECTED =
  /^(istio-(proxy|init|validation)|linkerd-(proxy|init|network-validator)|envoy(-sidecar)?|consul-dataplane|vault-agent(-init)?|aws-appmesh-.*|xray-daemon|cloud-sql-proxy|dapr[d]?|datadog-agent|otc-container|fluent-?bit)$/;

/** All containers of the pod, the sick first, then in the order of the pod. */
export function containersOf(pod: Pod): readonly LogContainer[] {
  const { initContainers, containers } = pod.spec;
  const statuses = [...pod.status.initContainerStatuses, ...pod.status.containerStatuses];
  const all = [...containers, ...initContainers].map(({ name }) =>
    containerOf(
      name,
      statuses.find((status) => status.name === name),
    ),
  );
  return all.toSorted((a, b) => Number(b.sick) - Number(a.sick));
}

/**
 * Those whose lines matter when nobody says which: the pod's own containers, and init containers and injected
 * sidecars while something is wrong with them.
 */
export function thatMatter(pod: Pod): readonly LogContainer[] {
  const all = containersOf(pod);
  const own = new Set(pod.spec.containers.map(({ name }) => name));
  const matter = all.filter(
    ({ name, sick, state }) =>
      sick || (own.has(name) ? !INJECTED.test(name) : state === "running" && !isSidecar(pod, name)),
  );
  return matter.length > 0 ? matter : all;
}

function isSidecar(pod: Pod, name: string): boolean {
  return pod.spec.initContainers.some(
    (container) => container.name === name && container.restartPolicy === "Always",
  );
}

function containerOf(name: string, status: ContainerStatus | undefined): LogContainer {
  if (!status) {
    const waiting = "the pod has not been started on a node";
    return {
      name,
      state: "not started",
      restarts: 0,
      sick: false,
      waiting,
      message: "",
      earlier: false,
    };
  }
  const { state, lastState, restartCount: restarts } = status;
  const ran = state.running ?? state.terminated ?? lastState.terminated;
  const failed = state.terminated !== undefined && state.terminated.exitCode !== 0;
  const stuck =
    state.waiting !== undefined &&
    !/^(|ContainerCreating|PodInitializing)$/.test(state.waiting.reason);
  return {
    name,
    state: stateWords(status),
    restarts,
    sick: failed || stuck || (lastState.terminated?.exitCode ?? 0) !== 0,
    ...(ran ? {} : { waiting: state.waiting?.reason || "it has not been started" }),
    message: state.waiting?.message ?? "",
    earlier: lastState.terminated !== undefined,
  };
}

function stateWords({ state, lastState, restartCount }: ContainerStatus): string {
  const last = lastState.terminated;
  const ended = last ? `, last exit ${last.exitCode} ${last.reason}`.trimEnd() : "";
  const times = restartCount > 0 ? `, ${restartCount} restarts` : "";
  return `${presentWords(state)}${times}${ended}`;
}

function presentWords({ running, terminated, waiting }: ContainerStatus["state"]): string {
  if (running) return "running";
  if (terminated) return `ended ${terminated.exitCode} ${terminated.reason}`.trimEnd();
  return waiting?.reason || "waiting";
}
