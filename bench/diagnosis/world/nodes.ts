import type { Fields, Manifest } from "./manifest.ts";
import { merged } from "./pods.ts";
import { ago, clusterObject, type Place, type Scene } from "./scene.ts";

export interface NodeParts {
  readonly conditions?: readonly Fields[];
  readonly taints?: readonly Fields[];
  readonly unschedulable?: boolean;
  readonly allocatable?: Fields;
  readonly labels?: Readonly<Record<string, string>>;
}

/** A node as the kubelet reports it: ready and without pressure, unless told otherwise. */
export function node(scene: Scene, place: Place, parts: NodeParts = {}): Manifest {
  const capacity = { cpu: "4", memory: "16Gi", pods: "58", "ephemeral-storage": "80Gi" };
  const { taints, unschedulable } = parts;
  const spec = {
    ...(taints ? { taints } : {}),
    ...(unschedulable ? { unschedulable } : {}),
  };
  const status = {
    capacity,
    allocatable: { ...capacity, cpu: "3920m", memory: "15Gi", ...parts.allocatable },
    addresses: [{ type: "InternalIP", address: place.address }],
    conditions: merged(healthy(scene), parts.conditions ?? []),
    nodeInfo: info("amd64"),
  };
  const labels = {
    "kubernetes.io/hostname": place.name,
    "kubernetes.io/arch": "amd64",
    "kubernetes.io/os": "linux",
    "node.kubernetes.io/instance-type": "m5.xlarge",
    "topology.kubernetes.io/region": "eu-west-1",
    "topology.kubernetes.io/zone": place.zone,
    ...parts.labels,
  };
  return clusterObject(scene, ["v1", "Node", place.name], { spec, status }, { labels });
}

export function info(architecture: string): Fields {
  return {
    architecture,
    operatingSystem: "linux",
    kubeletVersion: "v1.34.2",
    kubeProxyVersion: "",
    containerRuntimeVersion: "containerd://2.1.5",
    kernelVersion: "6.12.40",
    osImage: "Amazon Linux 2023",
    bootID: "",
    machineID: "",
    systemUUID: "",
  };
}

/** Of a condition of a node, minutes since it changed. */
export function nodeCondition(
  scene: Scene,
  [type, status, reason, message]: readonly [string, string, string, string],
  minutes: number,
  heartbeatMinutes = 0.5,
): Fields {
  return {
    type,
    status,
    reason,
    message,
    lastHeartbeatTime: ago(scene, heartbeatMinutes),
    lastTransitionTime: ago(scene, minutes),
  };
}

/** kubelet, nodestatus/setters.go. */
function healthy(scene: Scene): readonly Fields[] {
  const lines = [
    [
      "MemoryPressure",
      "False",
      "KubeletHasSufficientMemory",
      "kubelet has sufficient memory available",
    ],
    ["DiskPressure", "False", "KubeletHasNoDiskPressure", "kubelet has no disk pressure"],
    ["PIDPressure", "False", "KubeletHasSufficientPID", "kubelet has sufficient PID available"],
    ["Ready", "True", "KubeletReady", "kubelet is posting ready status"],
  ] as const;
  return lines.map((line) => nodeCondition(scene, line, 30_000));
}
