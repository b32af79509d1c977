import type { CaseMaker, Told } from "../case.ts";
import { ended, running } from "../world/containers.ts";
import { event } from "../world/events.ts";
import type { Manifest } from "../world/manifest.ts";
import { node, nodeCondition } from "../world/nodes.ts";
import type { PodParts } from "../world/pods.ts";
import { ago, type Place, type Scene } from "../world/scene.ts";
import { daemonSet } from "../world/sets.ts";
import { deployment } from "../world/workloads.ts";

/** kube-controller-manager, nodelifecycle/node_lifecycle_controller.go: Unknown after the grace period of 50 seconds. */
function notReady(scene: Scene): Told {
  const place = scene.random.pick(scene.nodes);
  const minutes = scene.random.int(6, 60);
  const daemon = scene.random.chance(0.4);
  const lost: PodParts = {
    node: place,
    states: [running(scene, 3_000)],
    ageMinutes: 3_001,
    conditions: [lostCondition(scene, minutes)],
  };
  const others = scene.nodes.filter((each) => each !== place);
  const app = daemon
    ? daemonSet(scene, { pods: [lost, ...others.map((each) => ({ node: each }))] })
    : deployment(scene, { pods: [lost, { node: scene.random.pick(others) }] });
  const sick = (scene.random.chance(0.6) ? silentNode : complainingNode)(scene, place, minutes);
  const times = { component: "node-controller", last: minutes };
  return {
    subject: { type: daemon ? "daemonset" : "deployment", name: scene.app },
    nodes: [sick],
    objects: [
      ...app.objects,
      event(scene, sick, "NodeNotReady", `Node ${place.name} status is now: NodeNotReady`, {
        ...times,
        type: "Normal",
      }),
      ...app.pods
        .slice(0, 1)
        .map((pod) => event(scene, pod, "NodeNotReady", "Node is not ready", times)),
    ],
  };
}

function lostCondition(scene: Scene, minutes: number) {
  const lastTransitionTime = ago(scene, minutes);
  return { type: "Ready", status: "False", lastTransitionTime };
}

/** kubelet, nodestatus/setters.go ReadyCondition: it says itself why it is not ready. */
const COMPLAINTS = [
  "container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized",
  "PLEG is not healthy: pleg was last seen active 4m12.3s ago; threshold is 3m0s",
  "container runtime is down",
] as const;

function complainingNode(scene: Scene, place: Place, minutes: number): Manifest {
  const message = scene.random.pick(COMPLAINTS);
  const ready = ["Ready", "False", "KubeletNotReady", message] as const;
  const taint = (effect: string) => ({
    key: "node.kubernetes.io/not-ready",
    effect,
    timeAdded: ago(scene, minutes),
  });
  const conditions = [nodeCondition(scene, ready, minutes)];
  return node(scene, place, { conditions, taints: [taint("NoSchedule"), taint("NoExecute")] });
}

function silentNode(scene: Scene, place: Place, minutes: number): Manifest {
  const message = "Kubelet stopped posting node status.";
  const types = ["MemoryPressure", "DiskPressure", "PIDPressure", "Ready"];
  const conditions = types.map((type) =>
    nodeCondition(scene, [type, "Unknown", "NodeStatusUnknown", message], minutes, minutes + 0.7),
  );
  const taint = (effect: string) => ({
    key: "node.kubernetes.io/unreachable",
    effect,
    timeAdded: ago(scene, minutes),
  });
  return node(scene, place, { conditions, taints: [taint("NoSchedule"), taint("NoExecute")] });
}

interface Pressure {
  readonly type: "MemoryPressure" | "DiskPressure" | "PIDPressure";
  readonly reason: string;
  readonly message: string;
  readonly taint: string;
  /** kubelet, eviction/helpers.go: what an evicted pod is told. */
  readonly evicted: string;
}

/** kubelet, nodestatus/setters.go. */
const PRESSURES = {
  node_memory_pressure: {
    type: "MemoryPressure",
    reason: "KubeletHasInsufficientMemory",
    message: "kubelet has insufficient memory available",
    taint: "node.kubernetes.io/memory-pressure",
    evicted:
      "The node was low on resource: memory. Threshold quantity: 100Mi, available: 71240Ki. Container app was using 412Mi, request is 128Mi, has larger consumption of memory. ",
  },
  node_disk_pressure: {
    type: "DiskPressure",
    reason: "KubeletHasDiskPressure",
    message: "kubelet has disk pressure",
    taint: "node.kubernetes.io/disk-pressure",
    evicted:
      "The node was low on resource: ephemeral-storage. Threshold quantity: 8045298483, available: 6120340Ki. Container app was using 9Gi, request is 0, has larger consumption of ephemeral-storage. ",
  },
  node_pid_pressure: {
    type: "PIDPressure",
    reason: "KubeletHasInsufficientPID",
    message: "kubelet has insufficient PID available",
    taint: "node.kubernetes.io/pid-pressure",
    evicted: "The node was low on resource: pids. Threshold quantity: 1638, available: 902. ",
  },
} as const satisfies Record<string, Pressure>;

/** The node is short of it now; the kubelet evicts, and takes no new pods. */
function pressed(scene: Scene, pressure: Pressure): Told {
  const place = scene.random.pick(scene.nodes);
  const minutes = scene.random.int(4, 40);
  const others = scene.nodes.filter((each) => each !== place);
  const app = deployment(scene, {
    replicas: 2,
    pods: [
      gone(scene, place, pressure.evicted, 2),
      { node: place },
      { node: scene.random.pick(others) },
    ],
  });
  const { type, reason, message } = pressure;
  const taints = [{ key: pressure.taint, effect: "NoSchedule", timeAdded: ago(scene, minutes) }];
  const conditions = [nodeCondition(scene, [type, "True", reason, message], minutes)];
  const sick = node(scene, place, { conditions, taints });
  const what = `NodeHas${reason.replace("KubeletHas", "")}`;
  return {
    subject: { type: "deployment", name: scene.app },
    nodes: [sick],
    objects: [
      ...app.objects,
      event(scene, sick, what, `Node ${place.name} status is now: ${what}`, {
        type: "Normal",
        last: minutes,
      }),
      ...app.pods
        .slice(0, 1)
        .map((pod) => event(scene, pod, "Evicted", pressure.evicted, { last: 2 })),
    ],
  };
}

/** kubelet, eviction/eviction_manager.go: phase Failed, reason Evicted. */
function gone(scene: Scene, place: Place, message: string, minutes: number): PodParts {
  const end = { exitCode: 137, reason: "Error", minutes, ranMinutes: 300 };
  const condition = {
    type: "DisruptionTarget",
    status: "True",
    reason: "TerminationByKubelet",
    message,
    lastTransitionTime: ago(scene, minutes),
  };
  return {
    node: place,
    phase: "Failed",
    states: [ended(scene, end)],
    conditions: [condition],
    status: { reason: "Evicted", message },
  };
}

/** Its own limit, or a shortage that has passed: the node is well. */
function evicted(scene: Scene): Told {
  const place = scene.random.pick(scene.nodes);
  const minutes = scene.random.int(5, 50);
  const message = scene.random.pick([
    "Pod ephemeral local storage usage exceeds the total limit of containers 1Gi. ",
    'Container app exceeded its local ephemeral storage limit "1Gi". ',
    PRESSURES.node_disk_pressure.evicted,
  ]);
  const app = deployment(scene, {
    replicas: 2,
    container: {
      resources: {
        limits: { "ephemeral-storage": "1Gi" },
        requests: { "ephemeral-storage": "1Gi" },
      },
    },
    pods: [
      gone(scene, place, message, minutes),
      gone(scene, place, message, minutes + 9),
      { node: place, ageMinutes: minutes },
      {},
    ],
  });
  const said = app.pods
    .slice(0, 2)
    .map((pod, index) => event(scene, pod, "Evicted", message, { last: minutes + index * 9 }));
  return {
    subject: { type: "deployment", name: scene.app },
    objects: [...app.objects, ...said],
  };
}

export const nodes: readonly CaseMaker[] = [
  { cause: "node_not_ready", make: notReady },
  ...Object.entries(PRESSURES).map(([cause, pressure]) => ({
    cause,
    make: (scene: Scene) => pressed(scene, pressure),
  })),
  { cause: "evicted", make: evicted },
];
