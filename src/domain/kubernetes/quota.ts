import * as z from "zod";
import type { KubeObject } from "./object.ts";
import type { PodResources } from "./pod-resources.ts";
import { amount, bytesText, cpuText } from "./quantity.ts";

const quantitiesSchema = z.record(z.string(), z.string()).default({});
const quotaSchema = z.object({
  spec: z
    .object({ scopes: z.array(z.string()).default([]), scopeSelector: z.unknown().optional() })
    .prefault({}),
  status: z.object({ hard: quantitiesSchema, used: quantitiesSchema }).prefault({}),
});

/** By how much a namespace's use may grow. */
export interface Growth extends PodResources {
  readonly pods: number;
}

/** Names under which quotas bound what pods ask for. */
const bounded: Readonly<Record<string, keyof Growth>> = {
  pods: "pods",
  "count/pods": "pods",
  cpu: "cpuRequest",
  "requests.cpu": "cpuRequest",
  "limits.cpu": "cpuLimit",
  memory: "memoryRequest",
  "requests.memory": "memoryRequest",
  "limits.memory": "memoryLimit",
};

/** Quotas of the namespace that the growth would go over. Quotas of certain pods alone are left out. */
export function quotaWarnings(quotas: readonly KubeObject[], growth: Growth): readonly string[] {
  return quotas.flatMap((quota) => {
    const { spec, status } = quotaSchema.parse(quota);
    if (spec.scopes.length > 0 || spec.scopeSelector !== undefined) return [];
    return Object.entries(bounded).flatMap(([name, sort]) => {
      const [hard, used = 0] = [amount(status.hard[name]), amount(status.used[name])];
      const wanted = growth[sort];
      if (hard === undefined || wanted <= 0 || used + wanted <= hard) return [];
      const text = (value: number) => valueText(name, value);
      return `Quota ${quota.metadata.name} has ${text(used)} of ${text(hard)} ${name} in use, and this may ask for ${text(wanted)} more: pods beyond it are not created.`;
    });
  });
}

function valueText(name: string, value: number): string {
  if (name.endsWith("pods")) return String(value);
  return name.endsWith("cpu") ? cpuText(value) : bytesText(value);
}
