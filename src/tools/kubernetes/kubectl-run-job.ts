import * as z from "zod";
import type { NewJob } from "#domain/kubernetes/new-job.ts";
import {
  type JobSource,
  jobDiff,
  jobName,
  jobState,
  jobWarnings,
  readJobSpec,
  sourceDigest,
} from "#domain/kubernetes/run-job.ts";
import { MINUTE } from "#domain/window.ts";
import { OpsError } from "#errors.ts";
import { defineAction } from "#tools/define.ts";
import { kubeNameField, namespaceField, textField } from "#tools/fields.ts";
import type { Call } from "#tools/tool.ts";
import { byHand } from "./by-hand.ts";
import { rehearse } from "./existing.ts";
import { activeRuns, chosenJob, jobSource } from "./job-source.ts";
import { marks } from "./marks.ts";
import { checkRights } from "./rights.ts";
import { until } from "./until.ts";

/** A job that runs longer is looked at later. */
const LIMIT = 10 * MINUTE;

export const kubectlRunJob = defineAction({
  name: "kubectl_run_job",
  title: "Run a job",
  description:
    "Run a CronJob's job now, or a job that the policy file names. Needs approval, then waits for its end.",
  needs: ["workloads", "clock", "policy"],
  place: "cluster",
  risk: "medium",
  reversible: "no",
  input: z.strictObject({
    cronjob: kubeNameField.optional().describe("CronJob to run once."),
    template: textField(63).optional().describe("Or the policy file's job of this name."),
    namespace: namespaceField,
  }),
  planned: z.object({
    namespace: z.string(),
    cronjob: z.string().optional(),
    template: z.string().optional(),
    base: z.string(),
    /** What the job is made from must still be the same. */
    digest: z.string(),
  }),

  async plan(input, { workloads, policy }, call) {
    const choice = await chosenJob(input, { policy });
    const { namespace, cronjob } = choice;
    const source = await jobSource(choice, workloads, call.signal);
    const spec = readJobSpec(source);
    const missing = await checkRights([rightIn(namespace)], workloads, call);
    const [forbidden, active] = await Promise.all([
      rehearse(() => workloads.createJob(newJob(namespace, source, call), true, call.signal)),
      activeRuns(namespace, source, workloads, call.signal),
    ]);
    const bound = { namespace, base: source.base, digest: sourceDigest(source) };
    return {
      target: { kind: "Job", name: source.base, namespace },
      binds: { ...bound, owner: source.owner?.uid ?? "" },
      shows: {
        summary: `Run ${source.label} in namespace ${namespace}.`,
        diff: jobDiff(namespace, source, spec),
        impact: `One more job runs in namespace ${namespace}; nothing else is changed by Firewatch.`,
        warnings: [...missing, ...forbidden, ...jobWarnings(source, spec, active)],
        command: command(namespace, cronjob, source, call),
      },
      owners: [],
      planned: { ...input, ...bound },
    };
  },

  async apply(planned, { workloads, policy }, call) {
    const source = await jobSource(await chosenJob(planned, { policy }), workloads, call.signal);
    if (sourceDigest(source) !== planned.digest) throw changed(source);
    const job = newJob(planned.namespace, source, call);
    await workloads.createJob(job, false, call.signal);
    return { summary: `Started job ${job.namespace}/${job.name}.`, facts: { job: job.name } };
  },

  async settle({ namespace, base }, { workloads }, call) {
    const name = nameOf(base, call);
    const job = await workloads.get({ kind: "jobs", namespace, name }, call.signal);
    if (job === undefined) return "not_applied";
    const own = marks(call)["firewatch.dev/action"];
    return job.metadata.annotations["firewatch.dev/action"] === own ? "applied" : "unknown";
  },

  async verify({ namespace, base }, { workloads, clock }, call) {
    const name = nameOf(base, call);
    const look = async () => {
      const job = await workloads.get({ kind: "jobs", namespace, name }, call.signal);
      const seen = job && jobState(job);
      call.progress(`Job ${name}: ${seen?.evidence ?? "not there"}`);
      return seen;
    };
    const ended = (seen: Awaited<ReturnType<typeof look>>) => seen?.state !== "running";
    const seen = await until(look, ended, LIMIT, { clock }, call);
    const evidence = seen?.evidence ?? "It is gone: deleted, or past its time to live.";
    const checks = [{ name: `job ${name}: complete`, ok: seen?.state === "complete", evidence }];
    if (seen?.state === "complete") return { outcome: "passed", checks };
    return { outcome: seen?.state === "failed" ? "failed" : "inconclusive", checks };
  },
});

function rightIn(namespace: string) {
  return { verb: "create", group: "batch", resource: "jobs", namespace };
}

/** A rehearsal has no action yet. */
function nameOf(base: string, { action }: Call): string {
  return jobName(base, action?.id ?? "plan");
}

function newJob(
  namespace: string,
  { base, owner, labels, annotations, spec }: JobSource,
  call: Call,
): NewJob {
  return {
    ...{ namespace, name: nameOf(base, call), labels, spec },
    annotations: { ...annotations, ...marks(call) },
    ...(owner ? { owner } : {}),
  };
}

function changed({ label }: JobSource): OpsError {
  return new OpsError(
    "conflict",
    `What ${label} runs has changed since the plan.`,
    "Nothing was changed. Plan again and have the new plan approved.",
  );
}

function command(
  namespace: string,
  cronjob: string | undefined,
  { base }: JobSource,
  call: Call,
): string {
  const name = `${base}-by-hand`;
  const words =
    cronjob === undefined
      ? ["create", "-f", "job.yaml", "--namespace", namespace]
      : ["create", "job", name, `--from=cronjob/${cronjob}`, "--namespace", namespace];
  return byHand("kubectl", words, call);
}
