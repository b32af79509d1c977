import * as z from "zod";
import type { Snapshot } from "#domain/diagnosis/snapshot.ts";
import { type KubeObject, metadataSchema } from "#domain/kubernetes/object.ts";
import { conditionSchema, type Pod } from "#domain/kubernetes/pod.ts";

const nodeSchema = z.object({
  metadata: metadataSchema,
  spec: z.object({ unschedulable: z.boolean().default(false) }).prefault({}),
  status: z.object({ conditions: z.array(conditionSchema).default([]) }).prefault({}),
});
export type Node = z.output<typeof nodeSchema>;

export function readNode(object: KubeObject): Node {
  return nodeSchema.parse(object);
}

/** Nodes that the pods were placed on. */
export function nodesUnder(pods: readonly Pod[], snapshot: Snapshot): readonly Node[] {
  const names = new Set(pods.map(({ spec }) => spec.nodeName));
  return snapshot
    .of("nodes")
    .filter(({ metadata }) => names.has(metadata.name))
    .map(readNode);
}

/** No new pods are placed on it: somebody cordoned it, perhaps to drain it. */
export function isCordoned({ spec }: Node): boolean {
  return spec.unschedulable;
}

/** Its zone, by the well-known label. */
export function zoneOf({ metadata }: Pick<Node, "metadata">): string | undefined {
  return metadata.labels["topology.kubernetes.io/zone"];
}
