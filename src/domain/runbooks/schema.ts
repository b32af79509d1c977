import * as z from "zod";
import { riskLevels } from "#domain/approvals/action.ts";
import { consistencyFaults } from "./consistency.ts";
import { glob, identifier, line, prose, slug } from "./fields.ts";
import { matchSchema } from "./match.ts";
import { parameterSchema } from "./parameters.ts";
import { compensationSchema, preconditionSchema, stepSchema } from "./steps.ts";

const reference = z.strictObject({ title: line, url: z.url({ protocol: /^https$/ }) });

const limits = z.strictObject({
  namespaces: z.array(glob).min(1).optional(),
  clusters: z.array(glob).min(1).optional(),
  max_replicas_delta: z.int().min(1).optional(),
  max_runs_per_target_hour: z.int().min(1).default(2),
  cooldown_minutes: z.int().min(0).default(10),
});

const shape = z.strictObject({
  api_version: z.literal("firewatch/v1"),
  kind: z.literal("Runbook"),
  /** Also the file's name. */
  slug,
  version: z.int().min(1),
  title: line,
  description: prose,
  owner: line,
  incident_types: z.array(identifier).min(1),
  risk: z.enum(riskLevels),
  reversible: z.enum(["yes", "partial", "no"]),
  labels: z.record(z.string(), z.string()).default({}),
  match: matchSchema,
  parameters: z.array(parameterSchema).default([]),
  limits: limits.prefault({}),
  preconditions: z.array(preconditionSchema).default([]),
  steps: z.array(stepSchema).min(1).max(40),
  compensation: z.array(compensationSchema).default([]),
  references: z.array(reference).min(1),
});
export type RunbookShape = z.output<typeof shape>;

/** One runbook file: strict, so that a misspelt key is an error and not a step that is never taken. */
export const runbookSchema = shape.superRefine((runbook, context) => {
  for (const { path, message } of consistencyFaults(runbook)) {
    context.addIssue({ code: "custom", path: [...path], message });
  }
});
