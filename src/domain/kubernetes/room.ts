import * as z from "zod";
import { count } from "#domain/text/table.ts";
import type { KubeObject } from "./object.ts";
import type { Pod } from "./pod.ts";
import { type PodResources, podResources } from "./pod-resources.ts";
import { amount } from "./quantity.ts";

const nodeSchema = z.object({
  spec: z.object({ unschedulable: z.boolean().default(false) }).prefault({}),
  status: z
    .object({
      allocatable: z.record(z.string(), z.string()).default({}),
      conditions: z.array(z.object({ type: z.string(), status: z.string() })).default([]),
    })
    .prefault({}),
});

/** What is free on one node: cores, bytes and places for pods. */
interface Free {
  cpu: number;
  memory: number;
  pods: number;
}

/** Free resources by node. */
export type Room = ReadonlyMap<string, Free>;

/** Nodes that take new pods: ready, and not cordoned. */
export function emptyRoom(nodes: readonly KubeObject[]): Room {
  return new Map(
    nodes.flatMap((node): [string, Free][] => {
      const { spec, status } = nodeSchema.parse(node);
      const ready = status.conditions.some(
        ({ type, status: is }) => type === "Ready" && is === "True",
      );
      const { cpu, memory, pods } = status.allocatable;
      if (spec.unschedulable || !ready) return [];
      const free = { cpu: amount(cpu) ?? 0, memory: amount(memory) ?? 0, pods: amount(pods) ?? 0 };
      return [[node.metadata.name, free]];
    }),
  );
}

/** Takes what the pods hold from their nodes. */
export function occupy(room: Room, pods: readonly Pod[]): void {
  for (const { spec, status } of pods) {
    const free = room.get(spec.nodeName);
    if (!free || status.phase === "Succeeded" || status.phase === "Failed") continue;
    const held = podResources(spec);
    free.cpu -= held.cpuRequest;
    free.memory -= held.memoryRequest;
    free.pods -= 1;
  }
}

/** At most so many of these pods fit, by requests alone: taints, affinity and volumes may leave room for fewer. */
export function fitting(room: Room, pod: PodResources): number {
  return [...room.values()].reduce((sum, free) => sum + fittingOn(free, pod), 0);
}

function fittingOn(free: Free, { cpuRequest, memoryRequest }: PodResources): number {
  const byCpu = cpuRequest > 0 ? free.cpu / cpuRequest : Number.POSITIVE_INFINITY;
  const byMemory = memoryRequest > 0 ? free.memory / memoryRequest : Number.POSITIVE_INFINITY;
  return Math.max(0, Math.floor(Math.min(byCpu, byMemory, free.pods) + 1e-9));
}

/** Said only when it is certain that some of the pods would wait. */
export function roomWarnings(room: Room, pod: PodResources, wanted: number): readonly string[] {
  const fit = fitting(room, pod);
  if (room.size === 0 || fit >= wanted) return [];
  return [
    `The ${count(room.size, "node")} that take new pods have room for ${fit} of the ${wanted} by their requests; the others wait until a node is added.`,
  ];
}
