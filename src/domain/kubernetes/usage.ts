import * as z from "zod";
import { type KubeObject, metadataSchema } from "./object.ts";
import type { Pod } from "./pod.ts";
import { podResources } from "./pod-resources.ts";
import { amount, bytes, cpuCores } from "./quantity.ts";

/** What something uses or may use: cores and bytes. */
export interface Amounts {
  readonly cpu: number;
  readonly memory: number;
}

/** The use of one pod or node, as the metrics API last measured it. */
export interface Usage extends Amounts {
  readonly name: string;
  readonly namespace: string;
  readonly containers: ReadonlyMap<string, Amounts>;
}

const usageSchema = z.record(z.string(), z.string()).default({});
const metricsSchema = z.object({
  metadata: metadataSchema,
  usage: usageSchema,
  containers: z.array(z.object({ name: z.string(), usage: usageSchema })).default([]),
});

/** Reads an object of the kinds PodMetrics or NodeMetrics. A pod uses what its containers use together. */
export function readUsage(object: KubeObject): Usage {
  const { metadata, usage, containers } = metricsSchema.parse(object);
  const parts = new Map(containers.map((each) => [each.name, amounts(each.usage)] as const));
  const total = [...parts.values()].reduce(plus, amounts(usage));
  return {
    name: metadata.name,
    namespace: metadata.namespace ?? "",
    ...total,
    containers: parts,
  };
}

function amounts({ cpu, memory }: Readonly<Record<string, string>>): Amounts {
  return { cpu: cpuCores(cpu) ?? 0, memory: bytes(memory) ?? 0 };
}

function plus(a: Amounts, b: Amounts): Amounts {
  return { cpu: a.cpu + b.cpu, memory: a.memory + b.memory };
}

/** What a pod or node may use: of a pod what it requests and its limits, of a node what it has for pods. */
export interface Bounds {
  readonly requests?: Partial<Amounts>;
  readonly limits: Partial<Amounts>;
}

/** A limit is the pod's only when each of its containers has one. */
export function podBounds({ spec }: Pod): Bounds {
  const { cpuRequest, memoryRequest, cpuLimit, memoryLimit } = podResources(spec);
  const bounded = (resource: string) =>
    spec.containers.every(({ resources }) => resources.limits[resource] !== undefined);
  return {
    requests: {
      ...(cpuRequest > 0 ? { cpu: cpuRequest } : {}),
      ...(memoryRequest > 0 ? { memory: memoryRequest } : {}),
    },
    limits: {
      ...(bounded("cpu") ? { cpu: cpuLimit } : {}),
      ...(bounded("memory") ? { memory: memoryLimit } : {}),
    },
  };
}

const nodeSchema = z.object({ status: z.object({ allocatable: usageSchema }).prefault({}) });

export function nodeBounds(object: KubeObject): Bounds {
  const { allocatable } = nodeSchema.parse(object).status;
  const [cpu, memory] = [amount(allocatable.cpu), amount(allocatable.memory)];
  return {
    limits: { ...(cpu === undefined ? {} : { cpu }), ...(memory === undefined ? {} : { memory }) },
  };
}

/** Whole percent; undefined without a bound. */
export function percentOf(used: number, bound: number | undefined): number | undefined {
  return bound ? Math.round((100 * used) / bound) : undefined;
}
