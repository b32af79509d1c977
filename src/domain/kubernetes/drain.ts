import * as z from "zod";
import { isMirror, podLabel } from "./evict.ts";
import type { KubeObject } from "./object.ts";
import { type Pod, readPod } from "./pod.ts";
import { controllerOf } from "./workload.ts";

/** What a person lets a drain lose. */
export interface DrainOptions {
  /** Data of emptyDir volumes, which goes with the pod. */
  readonly deleteLocalData: boolean;
  /** Pods that nothing makes anew. */
  readonly forceUnmanaged: boolean;
}

/** A pod of the node, and why it is where it is sorted. */
export interface SortedPod {
  readonly pod: Pod;
  readonly label: string;
  readonly why: string;
}

/** What becomes of the pods of a drained node. */
export interface SortedPods {
  readonly leave: readonly SortedPod[];
  /** Pods that come back to the same node at once, or never leave it. */
  readonly stay: readonly SortedPod[];
  /** Pods that only a person's word lets go. */
  readonly forbidden: readonly SortedPod[];
  /** Pods on their way out already. */
  readonly going: readonly SortedPod[];
}

export function sortPods(objects: readonly KubeObject[], options: DrainOptions): SortedPods {
  const sorted = objects.map((object) => ({ object, ...fateOf(object, options) }));
  const of = (fate: Fate) =>
    sorted
      .filter((each) => each.fate === fate)
      .map(({ object, why }) => ({ pod: readPod(object), label: podLabel(object), why }));
  return { leave: of("leave"), stay: of("stay"), forbidden: of("forbidden"), going: of("going") };
}

type Fate = "leave" | "stay" | "forbidden" | "going";

function fateOf(object: KubeObject, options: DrainOptions): { fate: Fate; why: string } {
  const controller = controllerOf(object.metadata);
  if (isMirror(object)) return { fate: "stay", why: "static pod of the kubelet" };
  if (controller?.kind === "DaemonSet")
    return { fate: "stay", why: `DaemonSet ${controller.name}` };
  if (object.metadata.deletionTimestamp !== undefined) return { fate: "going", why: "leaving" };
  if (isFinished(object)) return { fate: "leave", why: "finished" };
  if (!controller && !options.forceUnmanaged) {
    return { fate: "forbidden", why: "nothing makes it anew (force_unmanaged)" };
  }
  const volumes = localVolumes(object);
  if (volumes.length > 0 && !options.deleteLocalData) {
    return { fate: "forbidden", why: `loses ${volumes.join(", ")} (delete_local_data)` };
  }
  const owner = controller ? `${controller.kind} ${controller.name}` : "nothing makes it anew";
  const lost = volumes.length > 0 ? `, loses ${volumes.join(", ")}` : "";
  return { fate: "leave", why: `${owner}${lost}` };
}

function isFinished(object: KubeObject): boolean {
  const { phase } = readPod(object).status;
  return phase === "Succeeded" || phase === "Failed";
}

const volumesSchema = z.object({
  spec: z.object({
    volumes: z.array(z.object({ name: z.string(), emptyDir: z.unknown().optional() })).default([]),
  }),
});

/** Names of the pod's emptyDir volumes. */
function localVolumes(object: KubeObject): readonly string[] {
  const { volumes } = volumesSchema.parse(object).spec;
  return volumes.flatMap(({ name, emptyDir }) => (emptyDir === undefined ? [] : [name]));
}
