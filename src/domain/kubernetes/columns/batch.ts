import * as z from "zod";
import { metadataSchema } from "#domain/kubernetes/object.ts";
import { conditionSchema } from "#domain/kubernetes/pod.ts";
import { podTemplateSchema } from "#domain/kubernetes/template.ts";
import { controllerOf } from "#domain/kubernetes/workload.ts";
import { duration } from "#domain/text/time.ts";
import { imagesText } from "./containers.ts";
import { cells, each, nameAndAge, type Row, since } from "./row.ts";

const jobSchema = z.object({
  metadata: metadataSchema,
  spec: z
    .object({
      completions: z.int().nullish(),
      suspend: z.boolean().nullish(),
      template: podTemplateSchema.prefault({}),
    })
    .prefault({}),
  status: z
    .object({
      active: z.int().default(0),
      succeeded: z.int().default(0),
      failed: z.int().default(0),
      startTime: z.string().nullish(),
      completionTime: z.string().nullish(),
      conditions: z.array(conditionSchema).default([]),
    })
    .prefault({}),
});
type Job = z.output<typeof jobSchema>;

export const jobRows = each((object, view) => {
  const job = jobSchema.parse(object);
  const { state, health, reason } = jobState(job);
  const { name, age } = nameAndAge(object, view);
  const owner = controllerOf(job.metadata);
  return {
    state,
    health,
    cells: cells({
      name,
      status: state,
      reason,
      completions: `${job.status.succeeded}/${job.spec.completions ?? 1}`,
      active: job.status.active || undefined,
      failed: job.status.failed || undefined,
      took: took(job),
      owner: owner && `${owner.kind}/${owner.name}`,
      images: imagesText(job.spec.template),
      age,
    }),
  };
});

function jobState({ spec, status }: Job): Pick<Row, "state" | "health"> & { reason?: string } {
  const held = (type: string) =>
    status.conditions.find((found) => found.type === type && found.status === "True");
  const failed = held("Failed");
  if (failed) return { state: "Failed", health: "failing", reason: failed.reason };
  if (held("Complete")) return { state: "Complete", health: "well" };
  if (spec.suspend) return { state: "Suspended", health: "waiting" };
  return { state: "Running", health: status.failed > 0 ? "waiting" : "well" };
}

function took({ status }: Job): string | undefined {
  const { startTime, completionTime } = status;
  if (!startTime || !completionTime) return undefined;
  return duration(new Date(completionTime).getTime() - new Date(startTime).getTime());
}

const cronJobSchema = z.object({
  metadata: metadataSchema,
  spec: z.object({
    schedule: z.string(),
    timeZone: z.string().nullish(),
    suspend: z.boolean().nullish(),
    concurrencyPolicy: z.string().optional(),
  }),
  status: z
    .object({
      active: z.array(z.unknown()).default([]),
      lastScheduleTime: z.string().nullish(),
      lastSuccessfulTime: z.string().nullish(),
    })
    .prefault({}),
});
type CronJob = z.output<typeof cronJobSchema>;

export const cronJobRows = each((object, view) => {
  const { spec, status } = cronJobSchema.parse(object);
  const { state, health } = cronJobState({ spec, status });
  const { name, age } = nameAndAge(object, view);
  return {
    state,
    health,
    cells: cells({
      name,
      status: state,
      schedule: [spec.schedule, spec.timeZone ?? ""].join(" ").trim(),
      active: status.active.length || undefined,
      last_schedule: since(status.lastScheduleTime, view.now) || "never",
      last_success: since(status.lastSuccessfulTime, view.now) || "never",
      concurrency: spec.concurrencyPolicy,
      age,
    }),
  };
});

function cronJobState({
  spec,
  status,
}: Pick<CronJob, "spec" | "status">): Pick<Row, "state" | "health"> {
  if (spec.suspend) return { state: "Suspended", health: "waiting" };
  if (status.active.length > 0) return { state: "Active", health: "well" };
  return unsuccessful(status)
    ? { state: "Last run did not succeed", health: "failing" }
    : { state: "Scheduled", health: "well" };
}

function unsuccessful({ lastScheduleTime, lastSuccessfulTime }: CronJob["status"]): boolean {
  if (!lastScheduleTime) return false;
  return !lastSuccessfulTime || new Date(lastSuccessfulTime) < new Date(lastScheduleTime);
}
