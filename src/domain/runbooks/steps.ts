import * as z from "zod";
import { jsonObjectSchema } from "#domain/json.ts";
import { glob, identifier, line, prose, seconds } from "./fields.ts";

/** A condition in CEL over values that reads have named; its shape is checked with the whole runbook. */
const check = z.string().min(1).max(500);
const toolName = z
  .string()
  .regex(/^[a-z][a-z0-9_]*$/)
  .max(64);

/** Names for values of a result, by dotted path: `failure_rate_percent: summary.last`. */
const values = z.record(identifier, z.string().regex(/^[a-z0-9_]+(\.[a-z0-9_]+)*$/i));

/** A call of a tool that only looks, and what to keep of its answer. */
const readSchema = z.strictObject({
  tool: toolName,
  args: jsonObjectSchema.default({}),
  values: values.default({}),
});
export type Read = z.output<typeof readSchema>;

/** Something that must be so; `check` speaks of what `reads` found, and unknown counts as false. */
export const preconditionSchema = z.strictObject({
  name: line,
  reads: z.array(readSchema).min(1).max(4),
  check,
});

const every = {
  id: identifier,
  name: line,
  /** Left out when this does not hold. */
  when: check.optional(),
};

/** After a failure: end, go on, go to a later step, or take back what was done. */
const onFailure = z.union([
  z.enum(["abort", "continue", "compensate"]),
  z.strictObject({ goto: identifier }),
]);

const retry = z.strictObject({
  most: z.int().min(1).max(5),
  delay_seconds: seconds,
  backoff: z.number().min(1).max(4).default(1),
  on: z
    .array(z.enum(["throttled", "timed_out", "unreachable", "backend_error", "conflict"]))
    .min(1),
});

const toolStep = z.strictObject({
  ...every,
  kind: z.literal("tool"),
  tool: toolName,
  args: jsonObjectSchema.default({}),
  values: values.default({}),
  /** policy: as the policy file says. person: somebody approves, whatever the policy says. */
  approval: z.enum(["policy", "person"]).optional(),
  timeout_seconds: seconds.optional(),
  retry: retry.optional(),
  on_failure: onFailure.default("abort"),
});

/** Reads again and again until `check` held `consecutive` times. Inconclusive never counts as passed. */
const verifyStep = z.strictObject({
  ...every,
  kind: z.literal("verify"),
  reads: z.array(readSchema).min(1).max(4),
  check,
  /** Ends the step as failed at once. */
  fail_check: check.optional(),
  initial_delay_seconds: z.int().min(0).max(3600).default(0),
  interval_seconds: seconds.default(60),
  count: z.int().min(1).max(60).default(5),
  /** More reads than this on which `check` does not hold mean failed. */
  failure_limit: z.int().min(0).max(60).default(0),
  consecutive: z.int().min(1).max(60).default(1),
  on_failure: onFailure.default("abort"),
});

const waitStep = z.strictObject({
  ...every,
  kind: z.literal("wait"),
  wait_seconds: z.int().min(1).max(3600),
});

const approvalStep = z.strictObject({
  ...every,
  kind: z.literal("approval"),
  approval: z.strictObject({
    message: prose,
    approvers: z.array(glob).min(1).optional(),
    at_least: z.int().min(1).max(5).default(1),
    minutes: z.int().min(1).max(240).default(15),
  }),
  on_failure: onFailure.default("abort"),
});

/** Goes to the first case whose check holds, else to `otherwise`; `end` ends the run as resolved. */
const branchStep = z.strictObject({
  ...every,
  kind: z.literal("branch"),
  cases: z
    .array(z.strictObject({ check, goto: identifier }))
    .min(1)
    .max(8),
  otherwise: identifier,
});

const noteStep = z.strictObject({
  ...every,
  kind: z.literal("note"),
  text: prose,
  /** What the person is asked for. */
  form: z
    .array(
      z.strictObject({
        name: identifier,
        type: z.enum(["string", "number", "boolean"]),
        description: line,
        required: z.boolean().default(true),
      }),
    )
    .max(8)
    .default([]),
});

const notifyStep = z.strictObject({
  ...every,
  kind: z.literal("notify"),
  channel: z.enum(["incident", "oncall"]).default("incident"),
  text: prose,
});

export const stepSchema = z.discriminatedUnion("kind", [
  toolStep,
  verifyStep,
  waitStep,
  approvalStep,
  branchStep,
  noteStep,
  notifyStep,
]);
export type Step = z.output<typeof stepSchema>;

/** Takes back one completed step; the last completed is taken back first. */
export const compensationSchema = z.strictObject({
  for: identifier,
  name: line,
  tool: toolName,
  args: jsonObjectSchema.default({}),
  approval: z.enum(["policy", "person"]).default("person"),
});
