import { fromCronJob, fromTemplate, type JobSource, jobState } from "#domain/kubernetes/run-job.ts";
import { isOwnedBy } from "#domain/kubernetes/workload.ts";
import type { PolicyJob } from "#domain/policy/policy.ts";
import { closest } from "#domain/text/closest.ts";
import { OpsError } from "#errors.ts";
import type { Ports } from "#ports/index.ts";
import type { Workloads } from "#ports/workloads.ts";
import { existing } from "./existing.ts";
import { pages } from "./pages.ts";

/** Which job is asked for: a CronJob's, or one that the policy file names. */
export interface JobChoice {
  readonly namespace: string;
  readonly cronjob?: string | undefined;
  readonly template?: string | undefined;
}

/** The choice with what the policy file says of it. */
export async function chosenJob(
  { namespace, cronjob, template }: JobChoice,
  { policy }: Pick<Ports, "policy">,
): Promise<JobChoice & { readonly held?: PolicyJob }> {
  if ((cronjob === undefined) === (template === undefined)) {
    throw new OpsError(
      "invalid_input",
      "Either cronjob or template says which job to run.",
      "Give one of them; kubectl_get of cronjobs lists those.",
    );
  }
  if (template === undefined) return { namespace, cronjob };
  const held = named(template, (await policy.load()).jobs);
  return { namespace: held.namespace, cronjob: held.cronjob, template, held };
}

function named(name: string, jobs: readonly PolicyJob[]): PolicyJob {
  const held = jobs.find((job) => job.name === name);
  if (held) return held;
  const names = jobs.map((job) => job.name);
  const [near] = closest(name, names);
  const known = names.length > 0 ? `It names ${names.join(", ")}.` : "It names none, under jobs.";
  throw new OpsError(
    "not_found",
    `The policy file names no job ${name}.`,
    `${near === undefined ? "" : `Did you mean ${near}? `}${known}`,
  );
}

/** What the job is made from, freshly read. */
export async function jobSource(
  { namespace, cronjob, held, template = "" }: Awaited<ReturnType<typeof chosenJob>>,
  workloads: Workloads,
  signal: AbortSignal,
): Promise<JobSource> {
  if (held?.template) return fromTemplate(template, held.template);
  const ref = { kind: "cronjobs", namespace, name: cronjob ?? "" } as const;
  return fromCronJob(await existing(ref, workloads, signal));
}

/** Names of the CronJob's runs that have not ended. */
export async function activeRuns(
  namespace: string,
  { owner }: JobSource,
  workloads: Workloads,
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (!owner) return [];
  const found: string[] = [];
  for await (const page of pages({ kind: "jobs", namespace }, workloads, signal)) {
    const running = page.filter(
      (job) => isOwnedBy(job, owner.uid) && jobState(job).state === "running",
    );
    found.push(...running.map(({ metadata }) => metadata.name));
  }
  return found;
}
