import * as z from "zod";
import { jsonObjectSchema } from "#domain/json.ts";

const words = z.record(z.string(), z.string());

/** What was done to the world. Times are kept beside it, in the journal. */
export const effectSchema = z.discriminatedUnion("type", [
  z.object({ type: z.literal("advance"), milliseconds: z.number().nonnegative() }),
  z.object({
    type: z.literal("rollback"),
    namespace: z.string(),
    release: z.string(),
    revision: z.int(),
    timeout_seconds: z.number(),
  }),
  z.object({
    type: z.literal("restart"),
    namespace: z.string(),
    name: z.string(),
    restarted_at: z.string(),
  }),
  z.object({
    type: z.literal("scale"),
    namespace: z.string(),
    name: z.string(),
    replicas: z.int().nonnegative(),
  }),
  z.object({
    type: z.literal("set_template"),
    namespace: z.string(),
    name: z.string(),
    /** Of the template, as a ReplicaSet keeps it. */
    hash: z.string(),
  }),
  z.object({
    type: z.literal("set_container"),
    namespace: z.string(),
    name: z.string(),
    image: z.string().optional(),
    requests: z.record(z.string(), z.string().nullable()).optional(),
    limits: z.record(z.string(), z.string().nullable()).optional(),
  }),
  z.object({
    type: z.literal("pause"),
    namespace: z.string(),
    name: z.string(),
    paused: z.boolean(),
  }),
  z.object({
    type: z.literal("set_bounds"),
    namespace: z.string(),
    /** Of the autoscaler. */
    name: z.string(),
    /** The deployment that it scales. */
    target: z.string(),
    min: z.int(),
    max: z.int(),
  }),
  z.object({
    type: z.literal("patch_config_map"),
    namespace: z.string(),
    name: z.string(),
    data: z.record(z.string(), z.string().nullable()),
  }),
  z.object({
    type: z.literal("cordon"),
    node: z.string(),
    cordoned: z.boolean(),
    annotations: words,
  }),
  z.object({ type: z.literal("evict"), namespace: z.string(), name: z.string() }),
  z.object({
    type: z.literal("create_job"),
    namespace: z.string(),
    name: z.string(),
    labels: words,
    annotations: words,
    owner: z.object({ name: z.string(), uid: z.string() }).optional(),
    spec: jsonObjectSchema,
  }),
  z.object({
    type: z.literal("shift_traffic"),
    kind: z.enum(["services", "ingresses", "httproutes"]),
    namespace: z.string(),
    name: z.string(),
    annotations: z.record(z.string(), z.string().nullable()),
    spec: jsonObjectSchema,
  }),
]);

export type Effect = z.output<typeof effectSchema>;
/** An effect on the cluster; sleeping is none. */
export type ClusterEffect = Exclude<Effect, { readonly type: "advance" }>;

/** An effect with its simulated time, in milliseconds since the epoch. */
export interface Applied {
  readonly at: number;
  readonly effect: ClusterEffect;
}
