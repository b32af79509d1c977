import { type ContainerState, running, terminated } from "./containers.ts";
import { type Fields, type Manifest, type MoreMetadata, ownedBy } from "./manifest.ts";
import { ago, object, type Place, type Scene } from "./scene.ts";

export interface PodParts {
  /** `null`: on no node. */
  readonly node?: Place | null;
  readonly ageMinutes?: number;
  readonly phase?: string;
  /** Statuses of containers by their order in the spec; runs and is ready when not given. */
  readonly states?: readonly ContainerState[];
  readonly initStates?: readonly ContainerState[];
  /** Replaces conditions of the same type. */
  readonly conditions?: readonly Fields[];
  readonly spec?: Fields;
  readonly status?: Fields;
  readonly metadata?: MoreMetadata;
}

/** What a pod is, where its name stands in what the kubelet says. */
export type PodMaker = PodParts | ((name: string) => PodParts);

export interface Template {
  readonly labels: Readonly<Record<string, string>>;
  readonly spec: PodSpec;
}

export interface PodSpec extends Fields {
  readonly containers: readonly NamedContainer[];
  readonly initContainers?: readonly NamedContainer[];
}

export interface NamedContainer extends Fields {
  readonly name: string;
  readonly image: string;
}

/** A pod of the template, healthy unless told otherwise. */
export function pod(
  scene: Scene,
  name: string,
  template: Template,
  owner: Manifest | undefined,
  how: PodMaker = {},
): Manifest {
  const parts = typeof how === "function" ? how(name) : how;
  const { ageMinutes = scene.random.int(300, 3_000) } = parts;
  const node = parts.node === undefined ? scene.random.pick(scene.nodes) : parts.node;
  const spec = {
    restartPolicy: "Always",
    terminationGracePeriodSeconds: 30,
    ...withToken(scene, template.spec),
    ...(node === null ? {} : { nodeName: node.name }),
    ...parts.spec,
  };
  const status = podStatus(scene, template.spec, node, { ...parts, ageMinutes });
  const metadata = { labels: template.labels, ageMinutes, ...parts.metadata };
  const owners = owner ? { ownerReferences: ownedBy(owner) } : {};
  return object(scene, ["v1", "Pod", name], { spec, status }, { ...owners, ...metadata });
}

/** The account's token, that the API server gives every pod (plugin/pkg/admission/serviceaccount/admission.go). */
function withToken(scene: Scene, spec: PodSpec): Fields {
  const name = `kube-api-access-${scene.random.suffix(5)}`;
  const mountPath = "/var/run/secrets/kubernetes.io/serviceaccount";
  const mount = { name, mountPath, readOnly: true };
  const mounted = (container: NamedContainer) => ({
    ...container,
    volumeMounts: [...listOf(container.volumeMounts), mount],
  });
  const items = [{ key: "ca.crt", path: "ca.crt" }];
  const sources = [
    { serviceAccountToken: { expirationSeconds: 3_607, path: "token" } },
    { configMap: { name: "kube-root-ca.crt", items } },
  ];
  return {
    ...spec,
    containers: spec.containers.map(mounted),
    ...(spec.initContainers ? { initContainers: spec.initContainers.map(mounted) } : {}),
    volumes: [...listOf(spec.volumes), { name, projected: { defaultMode: 420, sources } }],
    tolerations: ["not-ready", "unreachable"].map((word) => ({
      key: `node.kubernetes.io/${word}`,
      operator: "Exists",
      effect: "NoExecute",
      tolerationSeconds: 300,
    })),
  };
}

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

function podStatus(
  scene: Scene,
  spec: PodSpec,
  node: Place | null,
  parts: PodParts & { readonly ageMinutes: number },
): Fields {
  const { ageMinutes, conditions = [], initStates } = parts;
  if (node === null) {
    return { phase: "Pending", qosClass: qos(spec), conditions, ...parts.status };
  }
  const states = statesOf(scene, spec, parts);
  const ready = states.every((state) => state.ready === true);
  return {
    phase: parts.phase ?? "Running",
    qosClass: qos(spec),
    startTime: ago(scene, ageMinutes),
    hostIP: node.address,
    podIP: `10.42.${scene.random.int(0, 250)}.${scene.random.int(2, 250)}`,
    conditions: merged(standard(scene, ageMinutes, ready), conditions),
    ...(initStates ? { initContainerStatuses: named(spec.initContainers ?? [], initStates) } : {}),
    containerStatuses: named(spec.containers, states),
    ...parts.status,
  };
}

/** Containers that a case does not speak of run, unless all of the pod waits or has ended. */
function statesOf(
  scene: Scene,
  { containers }: PodSpec,
  { states = [], ageMinutes }: PodParts & { readonly ageMinutes: number },
): readonly ContainerState[] {
  const [first] = states;
  const { waiting, terminated } = { waiting: undefined, terminated: undefined, ...first?.state };
  const { reason } = { reason: "", ...Object(waiting) };
  const alike = terminated ?? ["ContainerCreating", "PodInitializing"].includes(reason);
  const scarred = states.length === 0 && ageMinutes > 1_500 && scene.random.chance(0.25);
  const well = scarred ? scar(scene, ageMinutes) : running(scene, ageMinutes - 0.2);
  const other = first && alike ? first : well;
  return containers.map((_, index) => states[index] ?? other);
}

/** Ended once, long ago, and has run since. */
function scar(scene: Scene, ageMinutes: number): ContainerState {
  const minutes = Math.round(ageMinutes * 0.8);
  const [exitCode, reason] = scene.random.pick([
    [137, "OOMKilled"],
    [1, "Error"],
    [143, "Error"],
  ] as const);
  const lastState = terminated(scene, { exitCode, reason, minutes, ranMinutes: 30 });
  return running(scene, minutes - 1, { restartCount: scene.random.int(1, 3), lastState });
}

function named(containers: readonly NamedContainer[], states: readonly ContainerState[]) {
  return states.flatMap((state, index) => {
    const container = containers[index];
    if (!container) return [];
    const { name, image } = container;
    return [
      { name, image, imageID: "waiting" in state.state ? "" : `${image}@sha256:1`, ...state },
    ];
  });
}

/** kubelet, status/generate.go. */
function standard(scene: Scene, ageMinutes: number, ready: boolean): readonly Fields[] {
  const unready = {
    reason: "ContainersNotReady",
    message: "containers with unready status: [app]",
  };
  const line = (type: string, yes: boolean) => ({
    type,
    status: yes ? "True" : "False",
    lastTransitionTime: ago(scene, ageMinutes - 0.1),
    ...(yes ? {} : unready),
  });
  return [
    line("PodScheduled", true),
    line("Initialized", true),
    line("ContainersReady", ready),
    line("Ready", ready),
  ];
}

/** Conditions with those of the same type replaced. */
export function merged(conditions: readonly Fields[], by: readonly Fields[]): readonly Fields[] {
  const kept = conditions.filter(({ type }) => !by.some((each) => each.type === type));
  return [...kept, ...by];
}

function qos({ containers }: PodSpec): string {
  const asks = containers.some(({ resources }) => Object.keys(Object(resources)).length > 0);
  return asks ? "Burstable" : "BestEffort";
}

/** Whether its containers are all ready by its own condition. */
export function isReady({ status }: Manifest): boolean {
  const { conditions } = { conditions: undefined, ...Object(status) };
  const list: readonly unknown[] = Array.isArray(conditions) ? conditions : [];
  return list.some((each) => {
    const { type, status: value } = { type: "", status: "", ...Object(each) };
    return type === "Ready" && value === "True";
  });
}
