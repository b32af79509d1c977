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

export const NO_ROOM =
  "0/3 nodes are available: 3 Insufficient cpu. preemption: 0/3 nodes are available: 3 No preemption victims found for incoming pod.";

/** The status of a pod that waits for a node. */
export function unplaced(pod: Pod) {
  return {
    phase: "Pending",
    conditions: [
      {
        type: "PodScheduled",
        status: "False",
        reason: "Unschedulable",
        message: NO_ROOM,
        lastProbeTime: null,
        lastTransitionTime: time(pod.createdAt),
      },
    ],
    qosClass: "Burstable",
  };
}
