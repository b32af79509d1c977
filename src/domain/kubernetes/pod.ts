import * as z from "zod";
import { type KubeObject, metadataSchema } from "./object.ts";
import { podSpecSchema } from "./template.ts";

const terminatedSchema = z.object({
  exitCode: z.int().default(0),
  signal: z.int().default(0),
  reason: z.string().default(""),
  message: z.string().default(""),
  startedAt: z.string().nullish(),
  finishedAt: z.string().nullish(),
});

const containerStateSchema = z.object({
  waiting: z.object({ reason: z.string().default(""), message: z.string().default("") }).optional(),
  running: z.object({ startedAt: z.string().nullish() }).optional(),
  terminated: terminatedSchema.optional(),
});

const containerStatusSchema = z.object({
  name: z.string(),
  ready: z.boolean().default(false),
  started: z.boolean().nullish(),
  restartCount: z.int().default(0),
  state: containerStateSchema.prefault({}),
  lastState: containerStateSchema.prefault({}),
});

export const conditionSchema = z.object({
  type: z.string(),
  status: z.string(),
  reason: z.string().default(""),
  message: z.string().default(""),
  lastTransitionTime: z.string().nullish(),
  lastUpdateTime: z.string().nullish(),
});
export type Condition = z.output<typeof conditionSchema>;

const podSchema = z.object({
  metadata: metadataSchema,
  spec: podSpecSchema,
  status: z
    .object({
      phase: z.string().default("Unknown"),
      reason: z.string().default(""),
      message: z.string().default(""),
      conditions: z.array(conditionSchema).default([]),
      containerStatuses: z.array(containerStatusSchema).default([]),
      initContainerStatuses: z.array(containerStatusSchema).default([]),
    })
    .prefault({}),
});

export type Pod = z.output<typeof podSchema>;
export type ContainerStatus = z.output<typeof containerStatusSchema>;
export type Terminated = z.output<typeof terminatedSchema>;

/** The part of a Pod that this domain reads. */
export function readPod(object: KubeObject): Pod {
  return podSchema.parse(object);
}

/** Whether the condition is "True". */
export function hasCondition(pod: Pod, type: string): boolean {
  return pod.status.conditions.some((found) => found.type === type && found.status === "True");
}
