import * as z from "zod";

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
    type: z.literal("patch_config_map"),
    namespace: z.string(),
    name: z.string(),
    data: z.record(z.string(), z.string().nullable()),
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
