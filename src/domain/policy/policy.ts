import * as z from "zod";
import { riskLevels } from "#domain/approvals/action.ts";
import { jsonObjectSchema } from "#domain/json.ts";

const glob = z.string().min(1);
const globs = z.array(glob).min(1);

/** A bound on one argument, by dotted path (`data.max_connections`). All that are given must hold. */
const conditionSchema = z.strictObject({
  equals: z.union([z.string(), z.number(), z.boolean()]).optional(),
  one_of: z.array(z.union([z.string(), z.number()])).optional(),
  at_most: z.number().optional(),
  at_least: z.number().optional(),
});
export type PolicyCondition = z.output<typeof conditionSchema>;

const ruleSchema = z.strictObject({
  name: z.string().min(1),
  tools: globs.optional(),
  namespaces: globs.optional(),
  clusters: globs.optional(),
  risks: z.array(z.enum(riskLevels)).optional(),
  /**
   * Conditions on arguments. An automatic rule covers a call only when it names every argument given, but
   * for namespace, cluster and region, which have their own fields; `{}` names one without a bound.
   */
  arguments: z.record(z.string(), conditionSchema).optional(),
  /** person: someone approves. automatic: it goes alone. never: refused. */
  decision: z.enum(["person", "automatic", "never"]),
});
export type PolicyRule = z.output<typeof ruleSchema>;

const windowSchema = z.strictObject({
  name: z.string().min(1),
  from: z.iso.datetime({ offset: true }),
  to: z.iso.datetime({ offset: true }),
  namespaces: globs.optional(),
});

/** A job that `kubectl_run_job` may run by name: a CronJob's, or one that the file holds whole. */
const jobSchema = z
  .strictObject({
    name: z.string().min(1),
    namespace: z.string().min(1),
    cronjob: z.string().min(1).optional(),
    /** A JobSpec, as a Job's `spec`. Values of secrets belong into Secrets that it refers to. */
    template: jsonObjectSchema.optional(),
  })
  .refine(({ cronjob, template }) => (cronjob === undefined) !== (template === undefined), {
    error: "must hold either cronjob or template",
  });
export type PolicyJob = z.output<typeof jobSchema>;

/** The policy file. The first rule that matches decides; without a match a person does. */
export const policySchema = z.strictObject({
  version: z.literal(1),
  kill_switch: z.boolean().default(false),
  rules: z.array(ruleSchema).default([]),
  /** Names that may approve in a terminal (the operating system's user); anyone when absent. */
  approvers: globs.optional(),
  /** `firewatch approve` asks for the passphrase set with `firewatch approver`. */
  require_passphrase: z.boolean().default(false),
  /** The highest risk that a dialog of the host may approve. A host can forge a yes. */
  elicitation: z.enum(["off", ...riskLevels]).default("high"),
  freezes: z.array(windowSchema).default([]),
  limits: z
    .strictObject({
      /** Minutes before the same tool may change the same target again. */
      cooldown_minutes: z.number().min(0).default(2),
      /** Changes of one target, and of everything together, in an hour. */
      per_target_hour: z.int().min(1).default(6),
      per_hour: z.int().min(1).default(30),
    })
    .prefault({}),
  jobs: z.array(jobSchema).default([]),
  /** Tools that may change what an autoscaler or GitOps owns. */
  allow_owned: z.array(glob).default([]),
});
export type Policy = z.output<typeof policySchema>;

/** Without a file: a person for everything. */
export const defaultPolicy: Policy = policySchema.parse({ version: 1 });
