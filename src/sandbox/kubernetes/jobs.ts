import type { KubeObject } from "#domain/kubernetes/object.ts";
import { MINUTE } from "#domain/window.ts";
import type { ClusterEffect } from "#sandbox/effect.ts";
import type { At } from "./at.ts";
import { metadata, time, uidOf, version } from "./metadata.ts";

/** How long a job runs here. */
const RUNS_MS = MINUTE;

type Created = Extract<ClusterEffect, { type: "create_job" }>;

/** Jobs that were created; each completes after its minute. */
export function createdJobs(at: At): readonly KubeObject[] {
  return at.applied.flatMap(({ at: createdAt, effect }) =>
    effect.type === "create_job" && createdAt <= at.now ? [job(effect, createdAt, at)] : [],
  );
}

function job(created: Created, createdAt: number, { now, seed }: At): KubeObject {
  const { namespace, name, labels, annotations, owner, spec } = created;
  const doneAt = createdAt + RUNS_MS;
  const done = now >= doneAt;
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: metadata({
      name,
      namespace,
      uid: uidOf(seed, "Job", namespace, name),
      version: version(done ? doneAt : createdAt, done ? 1 : 0),
      generation: 1,
      createdAt,
      labels,
      annotations,
      ...(owner ? { owner: { apiVersion: "batch/v1", kind: "CronJob", ...owner } } : {}),
    }),
    spec: { parallelism: 1, completions: 1, backoffLimit: 6, suspend: false, ...spec },
    status: { startTime: time(createdAt), ...(done ? complete(doneAt) : { active: 1, ready: 1 }) },
  };
}

function complete(at: number) {
  const condition = { status: "True", reason: "CompletionsReached", lastTransitionTime: time(at) };
  return {
    succeeded: 1,
    completionTime: time(at),
    conditions: [
      { type: "SuccessCriteriaMet", ...condition },
      { type: "Complete", ...condition },
    ],
  };
}
