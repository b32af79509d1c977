import * as z from "zod";
import { jsonObjectSchema, jsonSchema } from "#domain/json.ts";

export const riskLevels = ["low", "medium", "high"] as const;
export type Risk = (typeof riskLevels)[number];

export const targetSchema = z.object({
  kind: z.string(),
  name: z.string(),
  namespace: z.string().optional(),
  cluster: z.string().optional(),
});
export type Target = z.output<typeof targetSchema>;

/** The call that takes a change back. */
export const undoSchema = z.object({ tool: z.string(), args: jsonObjectSchema });
export type Undo = z.output<typeof undoSchema>;

/** A controller that will fight or revert the change. */
export const ownerSchema = z.object({
  by: z.enum(["HorizontalPodAutoscaler", "KEDA", "Flux", "Argo CD", "Operator"]),
  name: z.string(),
  effect: z.string(),
});
export type Owner = z.output<typeof ownerSchema>;

/** What a person is shown. */
export const planShownSchema = z.object({
  target: targetSchema,
  risk: z.enum(riskLevels),
  reversible: z.enum(["yes", "partial", "no"]),
  summary: z.string(),
  diff: z.string(),
  impact: z.string(),
  warnings: z.array(z.string()),
  undo: z.string(),
  command: z.string(),
  binds_hash: z.string(),
});
export type PlanShown = z.output<typeof planShownSchema>;

export const checkSchema = z.object({ name: z.string(), ok: z.boolean(), evidence: z.string() });
export const verificationSchema = z.object({
  outcome: z.enum(["passed", "failed", "inconclusive"]),
  checks: z.array(checkSchema),
  /** World time at which the verification ended. */
  at: z.iso.datetime(),
});
export type Verification = z.output<typeof verificationSchema>;

/** What `apply` did, in words and in facts. */
export const appliedSchema = z.object({ summary: z.string(), facts: jsonObjectSchema });
export type Applied = z.output<typeof appliedSchema>;

export const actionStates = [
  "planned",
  "pending",
  "applying",
  "applied",
  "passed",
  "failed",
  "inconclusive",
  "declined",
  "void",
  "not_applied",
  "unknown",
] as const;
export type ActionState = (typeof actionStates)[number];

/** States in which the change has reached the world. */
export const changedStates: readonly ActionState[] = [
  "applied",
  "passed",
  "failed",
  "inconclusive",
];

/** One action as it is kept. Times are the world's clock, but for the lease. */
export const actionSchema = z.object({
  id: z.string(),
  tool: z.string(),
  /** Resolved arguments, without `approval_code` and `reason`. */
  args: jsonObjectSchema,
  /** The cluster or region that the call was bound to. */
  place: z.string().optional(),
  principal: z.string(),
  reason: z.string().optional(),
  incidentId: z.string().optional(),
  state: z.enum(actionStates),
  shown: planShownSchema,
  planned: jsonSchema,
  undo: undoSchema.optional(),
  targetKey: z.string(),
  code: z.string().optional(),
  createdAt: z.date(),
  appliedAt: z.date().optional(),
  endedAt: z.date().optional(),
  applied: appliedSchema.optional(),
  verification: verificationSchema.optional(),
  /** Why it ended without a change, or what went wrong. */
  note: z.string().optional(),
});
export type Action = z.output<typeof actionSchema>;

export interface ActionPatch {
  readonly state?: ActionState;
  readonly code?: string;
  readonly shown?: PlanShown;
  readonly planned?: Action["planned"];
  readonly undo?: Undo;
  readonly appliedAt?: Date;
  readonly endedAt?: Date;
  readonly applied?: Applied;
  readonly verification?: Verification;
  readonly note?: string;
}

/** One key per thing that can be changed; at most one action is applied to it at a time. */
export function targetKey(target: Target): string {
  return [target.cluster ?? "", target.namespace ?? "", target.kind, target.name].join("/");
}
