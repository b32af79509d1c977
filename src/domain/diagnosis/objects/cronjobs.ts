import * as z from "zod";
import type { Evidence, Finding } from "#domain/diagnosis/finding.ts";
import type { Analyzer } from "#domain/diagnosis/scope.ts";
import type { Snapshot } from "#domain/diagnosis/snapshot.ts";
import { lastRuns, readSchedule } from "#domain/kubernetes/cron.ts";
import { metadataSchema } from "#domain/kubernetes/object.ts";
import { isoSeconds } from "#domain/text/time.ts";
import { MINUTE } from "#domain/window.ts";
import { eventEvidence, eventsAbout, label, scoped, sinceOf } from "./scoped.ts";

const cronJobSchema = z.object({
  metadata: metadataSchema,
  spec: z.object({
    schedule: z.string(),
    timeZone: z.string().nullish(),
    suspend: z.boolean().nullish(),
    concurrencyPolicy: z.string().default("Allow"),
    startingDeadlineSeconds: z.int().nullish(),
  }),
  status: z
    .object({
      active: z.array(z.unknown()).nullish(),
      lastScheduleTime: z.string().nullish(),
    })
    .prefault({}),
});
type CronJob = z.output<typeof cronJobSchema>;

function eachCronJob(rule: (job: CronJob, snapshot: Snapshot) => Finding | undefined): Analyzer {
  return (scope, snapshot) =>
    scoped(scope, "cronjobs").flatMap(
      (object) => rule(cronJobSchema.parse(object), snapshot) ?? [],
    );
}

export const cronJobSuspended = eachCronJob((job) => {
  if (!job.spec.suspend) return;
  const object = label("CronJob", job);
  const { lastScheduleTime } = job.status;
  return {
    cause: "cronjob_suspended",
    confidence: "certain",
    summary: `${object} is suspended: it starts no runs. ${lastText(job)}`,
    evidence: [{ object, field: "spec.suspend", value: "true" }],
    ...sinceOf(lastScheduleTime),
    affected: [object],
    remedy: "Ask who suspended it and why; then set spec.suspend to false.",
    next: callOf(job),
  };
});

/** Reasons of the CronJob's controller for runs that it did not start. */
const MISSED: readonly string[] = [
  "TooManyMissedTimes",
  "MissSchedule",
  "FailedNeedsStart",
  "UnparseableSchedule",
  "UnknownTimeZone",
];

/**
 * Its controller says so in an event, or two times at which it was due have passed since its last run. The second
 * sign is computed for schedules in UTC alone.
 */
export const cronJobMissed = eachCronJob((job, snapshot) => {
  if (job.spec.suspend) return;
  const object = label("CronJob", job);
  const said = saidMissed(job, snapshot);
  const overdue = overdueRun(job, snapshot.now);
  if (said === undefined && overdue === undefined) return;
  const blocked = job.spec.concurrencyPolicy === "Forbid" && (job.status.active ?? []).length > 0;
  const evidence: readonly Evidence[] = [
    { object, field: "status.lastScheduleTime", value: job.status.lastScheduleTime ?? "never" },
    { object, field: "spec.schedule", value: job.spec.schedule },
    ...(said ? [said] : []),
  ];
  return {
    cause: "cronjob_missed",
    confidence: said ? "certain" : "likely",
    summary: `${object} missed its runs${overdue ? `: due at ${isoSeconds(overdue)}` : ""}. ${lastText(job)}${blocked ? " A run is still active, and concurrencyPolicy Forbid lets no other begin." : ""}`,
    evidence,
    ...(overdue ? { since: overdue } : {}),
    affected: [object],
    remedy: blocked
      ? "Look at the active run; the next one starts when it ends."
      : "Check startingDeadlineSeconds, the schedule and its time zone, then run it by hand if the work is overdue.",
    next: callOf(job),
  };
});

/** An event counts until a later run was started. */
function saidMissed({ metadata, status }: CronJob, snapshot: Snapshot): Evidence | undefined {
  const events = eventsAbout(snapshot, new Set([`CronJob/${metadata.name}`]));
  const since = new Date(status.lastScheduleTime ?? 0);
  const found = events.find(({ reason, lastAt }) => MISSED.includes(reason) && lastAt > since);
  return found && eventEvidence(found);
}

/** Its controller looks every ten seconds; a minute or two may pass under load. */
const GRACE = 2 * MINUTE;

function overdueRun({ spec, status, metadata }: CronJob, now: Date): Date | undefined {
  const schedule = [undefined, null, "UTC", "Etc/UTC"].includes(spec.timeZone)
    ? readSchedule(spec.schedule)
    : undefined;
  if (schedule === undefined) return undefined;
  const known = status.lastScheduleTime ?? metadata.creationTimestamp;
  const runs = lastRuns(schedule, new Date(now.getTime() - GRACE), 2);
  const [, second] = runs;
  return known && second && new Date(known) < second ? second : undefined;
}

function lastText({ status: { lastScheduleTime }, spec }: CronJob): string {
  const last = lastScheduleTime ? isoSeconds(new Date(lastScheduleTime)) : "never";
  return `Last run: ${last}; schedule ${spec.schedule}.`;
}

function callOf({ metadata: { name, namespace = "default" } }: CronJob) {
  return { tool: "kubectl_get", args: { resource_type: "cronjobs", name, namespace } };
}
