import * as z from "zod";
import type { Finding } from "#domain/diagnosis/finding.ts";
import type { Analyzer } from "#domain/diagnosis/scope.ts";
import { type KubeObject, metadataSchema } from "#domain/kubernetes/object.ts";
import type { Condition } from "#domain/kubernetes/pod.ts";
import { count } from "#domain/text/table.ts";
import { duration } from "#domain/text/time.ts";
import { holding } from "./conditions.ts";
import { conditionEvidence, label, scoped, sinceOf } from "./scoped.ts";

const jobSchema = z.object({
  metadata: metadataSchema,
  spec: z
    .object({ backoffLimit: z.int().default(6), activeDeadlineSeconds: z.int().optional() })
    .prefault({}),
  status: z.object({ failed: z.int().default(0), succeeded: z.int().default(0) }).prefault({}),
});
type Job = z.output<typeof jobSchema>;

function eachFailed(rule: (job: Job, failed: Condition) => Finding | undefined): Analyzer {
  return (scope) =>
    scoped(scope, "jobs").flatMap((object: KubeObject) => {
      // Before the pods have ended the condition is FailureTarget.
      const failed = holding(object, "Failed") ?? holding(object, "FailureTarget");
      return (failed && rule(jobSchema.parse(object), failed)) ?? [];
    });
}

/** Reasons of the Job's controller for a Job that failed through its pods. */
const BY_PODS: Readonly<Record<string, string>> = {
  BackoffLimitExceeded: "its pods failed more often than backoffLimit allows",
  PodFailurePolicy: "a pod failed in a way that its podFailurePolicy does not retry",
  FailedIndexes: "some of its indexes failed",
  MaxFailedIndexesExceeded: "more of its indexes failed than it allows",
};

export const jobBackoff = eachFailed((job, failed) => {
  const why = BY_PODS[failed.reason];
  if (why === undefined) return;
  const object = label("Job", job);
  return {
    cause: "job_backoff",
    confidence: "certain",
    summary: `${object} failed: ${why} (${count(job.status.failed, "pod")} failed, backoffLimit ${job.spec.backoffLimit}).`,
    ...jobParts(job, failed),
    remedy: "Read the log of its last pod, remove the cause, then run it again as a new Job.",
  };
});

export const jobDeadline = eachFailed((job, failed) => {
  if (failed.reason !== "DeadlineExceeded") return;
  const object = label("Job", job);
  const seconds = job.spec.activeDeadlineSeconds;
  const limit = seconds === undefined ? "" : ` of ${duration(seconds * 1000)}`;
  return {
    cause: "job_deadline",
    confidence: "certain",
    summary: `${object} was ended at its deadline${limit}, with ${job.status.succeeded} succeeded and ${job.status.failed} failed.`,
    ...jobParts(job, failed),
    remedy: "Find out what made it slow; raise activeDeadlineSeconds only if the work has grown.",
  };
});

function jobParts(job: Job, failed: Condition) {
  const { name, namespace = "default" } = job.metadata;
  const object = label("Job", job);
  return {
    evidence: [conditionEvidence(object, failed)],
    ...sinceOf(failed.lastTransitionTime),
    affected: [object],
    next: {
      tool: "kubectl_get",
      args: { resource_type: "pods", namespace, label_selector: `job-name=${name}` },
    },
  };
}
