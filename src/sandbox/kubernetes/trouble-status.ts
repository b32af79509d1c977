import { cpuText } from "#domain/kubernetes/quantity.ts";
import { configMapName } from "#sandbox/cluster/app.ts";
import { imageText } from "#sandbox/cluster/container.ts";
import type { Pod } from "#sandbox/cluster/pods.ts";
import { time } from "./metadata.ts";

export interface Waiting {
  readonly reason: string;
  readonly message: string;
}

/** Why the kubelet cannot start the container, in its words. */
export function startFailure(pod: Pod): Waiting | undefined {
  switch (pod.trouble?.kind) {
    case "image":
      return { reason: "ImagePullBackOff", message: `Back-off pulling image "${imageOf(pod)}"` };
    case "key":
      return { reason: "CreateContainerConfigError", message: missingKey(pod, pod.trouble.key) };
    default:
      return undefined;
  }
}

/** The kubelet's words for a key that the container's environment asks for in vain. */
export function missingKey({ app }: Pod, key: string): string {
  return `couldn't find key ${key} in ConfigMap ${app.namespace}/${configMapName(app)}`;
}

export function imageOf({ source }: Pod): string {
  return imageText(source.values.image);
}

/** The scheduler's words for a pod that it finds no node for. */
export function noNode({ trouble }: Pod): string {
  return trouble?.kind === "claim"
    ? "0/3 nodes are available: pod has unbound immediate PersistentVolumeClaims. preemption: 0/3 nodes are available: 3 Preemption is not helpful for scheduling."
    : "0/3 nodes are available: 3 Insufficient cpu. preemption: 0/3 nodes are available: 3 No preemption victims found for incoming pod.";
}

/** The API server's words for a pod that the quota does not leave room for. */
export function overQuota({ app, name, source }: Pod): string {
  const { quota } = app;
  if (!quota) return "";
  const asked = source.values.resources.requests.cpu;
  const used = cpuText(quota.hardCpu - quota.leftCpu);
  return (
    `pods "${name}" is forbidden: exceeded quota: ${quota.name}, requested: requests.cpu=${asked}, ` +
    `used: requests.cpu=${used}, limited: requests.cpu=${cpuText(quota.hardCpu)}`
  );
}

/** The status of a pod that waits for a node. */
export function unplaced(pod: Pod) {
  return {
    phase: "Pending",
    conditions: [
      {
        type: "PodScheduled",
        status: "False",
        reason: "Unschedulable",
        message: noNode(pod),
        lastProbeTime: null,
        lastTransitionTime: time(pod.createdAt),
      },
    ],
    qosClass: "Burstable",
  };
}

/** The kubelet's words for a pod that it stopped to get memory back. */
export function lowMemory({ app, source }: Pod): string {
  const { memory = "0" } = source.values.resources.requests;
  return (
    "The node was low on resource: memory. Threshold quantity: 100Mi, available: 71Mi. " +
    `Container ${app.name} was using 311Mi, request is ${memory}, has larger consumption of memory. `
  );
}

/** What is left of a pod that its kubelet evicted. */
export function evicted(pod: Pod) {
  const at = time(pod.goneAt);
  return {
    phase: "Failed",
    reason: "Evicted",
    message: lowMemory(pod),
    startTime: time(pod.createdAt),
    conditions: [
      {
        type: "DisruptionTarget",
        status: "True",
        reason: "TerminationByKubelet",
        message: lowMemory(pod),
        lastProbeTime: null,
        lastTransitionTime: at,
      },
    ],
    qosClass: "Burstable",
  };
}
