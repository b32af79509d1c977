import * as z from "zod";
import { digest } from "#domain/digest.ts";
import { type JsonObject, jsonObjectSchema, toJsonObject } from "#domain/json.ts";
import { shown } from "#domain/text/field-diff.ts";
import { OpsError } from "#errors.ts";
import type { KubeObject } from "./object.ts";
import { conditionSchema } from "./pod.ts";

const words = z.record(z.string(), z.string()).default({});

const cronJobSchema = z.object({
  spec: z.object({
    suspend: z.boolean().default(false),
    concurrencyPolicy: z.string().default("Allow"),
    jobTemplate: z.object({
      metadata: z.object({ labels: words, annotations: words }).prefault({}),
      spec: jsonObjectSchema,
    }),
  }),
});

/** What a job is made from. */
export interface JobSource {
  /** `CronJob nightly-report`. */
  readonly label: string;
  /** Name of the job without its end. */
  readonly base: string;
  readonly owner?: { readonly name: string; readonly uid: string };
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly spec: JsonObject;
  readonly warnings: readonly string[];
}

/** A run of the CronJob by hand, as `kubectl create job --from` makes it. */
export function fromCronJob(object: KubeObject): JobSource {
  const { name, uid } = object.metadata;
  const { suspend, jobTemplate, concurrencyPolicy } = cronJobSchema.parse(object).spec;
  return {
    label: `CronJob ${name}`,
    base: name,
    owner: { name, uid },
    labels: jobTemplate.metadata.labels,
    annotations: {
      ...jobTemplate.metadata.annotations,
      "cronjob.kubernetes.io/instantiate": "manual",
    },
    spec: jobTemplate.spec,
    warnings: [
      ...(suspend
        ? [
            `CronJob ${name} is suspended: this runs it all the same. Find out who suspended it and why.`,
          ]
        : []),
      ...(concurrencyPolicy === "Forbid"
        ? [
            `CronJob ${name} forbids two runs at once, which holds back its schedule and not a run by hand.`,
          ]
        : []),
    ],
  };
}

/** The job that the policy file holds under this name. */
export function fromTemplate(name: string, spec: JsonObject): JobSource {
  const label = `job ${name} of the policy file`;
  return { label, base: name, labels: {}, annotations: {}, spec, warnings: [] };
}

/** Two sources with the same digest make the same job. */
export function sourceDigest({ labels, annotations, spec }: JobSource): string {
  return digest(toJsonObject({ labels, annotations, spec }));
}

/** Job names end up in labels of pods, which hold 63 characters. */
const MAX_NAME = 63;

/** The same action always makes the same job: it cannot be made twice. */
export function jobName(base: string, actionId: string): string {
  const end = actionId
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "");
  const begin = base.toLowerCase().replaceAll(/[^a-z0-9-]+/g, "-");
  return `${begin.slice(0, MAX_NAME - end.length - 1).replace(/-$/, "")}-${end}`;
}

const specSchema = z.object({
  suspend: z.boolean().default(false),
  completions: z.int().optional(),
  parallelism: z.int().optional(),
  backoffLimit: z.int().default(6),
  activeDeadlineSeconds: z.int().optional(),
  ttlSecondsAfterFinished: z.int().optional(),
  template: z.object({
    spec: z.object({
      serviceAccountName: z.string().default("default"),
      containers: z
        .array(
          z.object({
            name: z.string(),
            image: z.string().default(""),
            command: z.array(z.string()).default([]),
            args: z.array(z.string()).default([]),
          }),
        )
        .min(1),
    }),
  }),
});
export type JobSpec = z.output<typeof specSchema>;

/** What of the spec a plan tells. Variables and volumes are no part of it. */
export function readJobSpec({ label, spec }: JobSource): JobSpec {
  const parsed = specSchema.safeParse(spec);
  if (parsed.success) return parsed.data;
  throw new OpsError(
    "invalid_input",
    `${label} holds no JobSpec with containers.`,
    "Mend it where it comes from; a JobSpec has template.spec.containers.",
  );
}

/** What will run, field by field. */
export function jobDiff(namespace: string, { label, base }: JobSource, spec: JobSpec): string {
  const { serviceAccountName, containers } = spec.template.spec;
  const deadline = spec.activeDeadlineSeconds;
  return [
    `Job ${namespace}/${base}-… (new), from ${label}`,
    ...containers.flatMap(({ name, image, command, args }) => [
      `  container ${name}: ${shown(image)}`,
      ...([...command, ...args].length > 0
        ? [`    runs ${shown([...command, ...args].join(" "))}`]
        : []),
    ]),
    `  service account: ${serviceAccountName}`,
    `  completions: ${spec.completions ?? 1}, at once: ${spec.parallelism ?? 1}, retries: ${spec.backoffLimit}`,
    `  deadline: ${deadline === undefined ? "none" : `${deadline} s`}`,
  ].join("\n");
}

/** What could surprise the person who says yes. `active`: names of runs that have not ended. */
export function jobWarnings(
  { warnings, label }: JobSource,
  spec: JobSpec,
  active: readonly string[],
): readonly string[] {
  return [
    ...warnings,
    ...(active.length > 0
      ? [
          `A run of ${label} has not ended: ${active.slice(0, 3).join(", ")}. This one runs beside it.`,
        ]
      : []),
    ...(spec.suspend ? ["It is made suspended: nothing runs until somebody resumes it."] : []),
    ...(spec.activeDeadlineSeconds === undefined
      ? ["It has no deadline: a run that hangs goes on until somebody deletes it."]
      : []),
    "What a job has done is not taken back.",
  ];
}

const jobSchema = z.object({
  status: z
    .object({
      active: z.int().default(0),
      succeeded: z.int().default(0),
      failed: z.int().default(0),
      conditions: z.array(conditionSchema).default([]),
    })
    .prefault({}),
});

/** How a job stands. */
export interface JobState {
  readonly state: "complete" | "failed" | "running";
  readonly evidence: string;
}

export function jobState(object: KubeObject): JobState {
  const { active, succeeded, failed, conditions } = jobSchema.parse(object).status;
  const held = (type: string) =>
    conditions.find((found) => found.type === type && found.status === "True");
  const counts = `${succeeded} succeeded, ${failed} failed, ${active} active.`;
  const fault = held("Failed");
  if (fault) return { state: "failed", evidence: `Failed (${fault.reason}): ${counts}` };
  return held("Complete")
    ? { state: "complete", evidence: `Complete: ${counts}` }
    : { state: "running", evidence: `Not ended: ${counts}` };
}
