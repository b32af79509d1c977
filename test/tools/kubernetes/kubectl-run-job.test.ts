import { expect, test } from "vitest";
import { OpsError } from "#errors.ts";
import { withCluster } from "../../support/cluster.ts";
import { connect } from "../../support/connect.ts";
import { cronJob } from "../../support/fixtures.ts";

const ask = { cronjob: "nightly-report", namespace: "data" };
const yes = () => ({ action: "accept" as const, content: { approve: true } });
/** Ids are random. */
const stable = (text: string) => text.replaceAll(/ACT-\w+/g, "ACT-1");

const overrides = { fixtures: [cronJob("nightly-report")] };
const jobs = { resource_type: "jobs", namespace: "data" };

const policy = `
version: 1
jobs:
  - name: clear-cache
    namespace: data
    template:
      backoffLimit: 0
      activeDeadlineSeconds: 300
      template:
        spec:
          restartPolicy: Never
          containers: [{ name: clear, image: "registry.example.com/cache:1", args: [clear] }]
  - { name: report, namespace: data, cronjob: nightly-report }
`;

test("a dry run shows what runs, as whom, and for how long; and no variable", async () => {
  const { call } = await connect({ mode: "dry-run", overrides });
  const { text, value } = await call("kubectl_run_job", ask);
  expect(JSON.stringify(value)).not.toContain("not-for-your-eyes");
  expect(stable(text)).toMatchInlineSnapshot(`
    "Planned, not carried out (dry run): Run CronJob nightly-report in namespace data.
    Action ACT-1.

    Target: Job data/nightly-report in cluster sandbox. Risk: medium. Reversible: no.
    Impact: One more job runs in namespace data; nothing else is changed by Firewatch.
    Warning: It has no deadline: a run that hangs goes on until somebody deletes it.
    Warning: What a job has done is not taken back.
    \`\`\`diff
    Job data/nightly-report-… (new), from CronJob nightly-report
      container app: registry.example.com/report:3.1
        runs --all
      service account: default
      completions: 1, at once: 1, retries: 2
      deadline: none
    \`\`\`
    Way back: none
    By hand: kubectl create job nightly-report-by-hand --from=cronjob/nightly-report --namespace data --context sandbox

    Next: Nothing was changed (dry run). To carry it out, start Firewatch with --mode live."
  `);
});

test("an approved job is made once, marked, and waited for", async () => {
  const { call } = await connect({ answer: yes, overrides });
  const { value, text } = await call("kubectl_run_job", { ...ask, incident_id: "INC-7" });
  expect(value, text).toMatchObject({
    status: "applied",
    verification: { outcome: "passed", checks: [{ ok: true }] },
  });
  const listed = await call("kubectl_get", jobs);
  expect(listed.value.rows).toMatchObject([
    { status: "Complete", owner: "CronJob/nightly-report" },
  ]);
  const undone = await call("undo_action", { action_id: value.action_id });
  expect(undone.text).toContain("kubectl_run_job cannot be undone");
});

test("the job carries the marks of its action, and those of a run by hand", async () => {
  const server = await connect({ answer: yes, overrides });
  await server.call("kubectl_run_job", { ...ask, incident_id: "INC-7" });
  const { workloads } = (await server.house.world.clusters?.open("sandbox")) ?? {};
  const signal = new AbortController().signal;
  const list = await workloads?.list({ kind: "jobs", namespace: "data", limit: 5 }, signal);
  expect(list?.items[0]?.metadata).toMatchObject({
    labels: { app: "nightly-report" },
    annotations: {
      "cronjob.kubernetes.io/instantiate": "manual",
      "firewatch.dev/action": expect.stringMatching(/^ACT-/),
      "firewatch.dev/approval": expect.stringMatching(/^[A-Z0-9]{4}-[A-Z0-9]{4}$/),
      "firewatch.dev/incident": "INC-7",
    },
    ownerReferences: [{ kind: "CronJob", name: "nightly-report" }],
  });
});

test("the story's own re-run may be run by hand", async () => {
  const { call } = await connect({ mode: "dry-run" });
  const asked = { cronjob: "customer-etl-backfill", namespace: "data" };
  const { text } = await call("kubectl_run_job", asked);
  expect(text).toContain('runs "backfill customer-etl"');
});

test("a declined job is not made", async () => {
  const { call } = await connect({ answer: () => ({ action: "decline" }), overrides });
  await call("kubectl_run_job", ask);
  expect((await call("kubectl_get", jobs)).value.rows).toEqual([]);
});

test("jobs that the policy file names run in their own namespace", async () => {
  const { call } = await connect({ answer: yes, overrides, policy });
  const { value, text } = await call("kubectl_run_job", { template: "clear-cache" });
  expect(value, text).toMatchObject({
    status: "applied",
    plan: { target: { namespace: "data", name: "clear-cache" } },
  });
  const other = await call("kubectl_run_job", { template: "report" });
  expect(other.text).toContain("CronJob nightly-report");
});

test("a job outside the allowed namespaces is refused, whatever the policy file names", async () => {
  const settings = { namespaces: ["web"] };
  const { call } = await connect({ answer: yes, overrides, policy, settings });
  const { text } = await call("kubectl_run_job", { template: "clear-cache" });
  expect(text).toMatch(/^not_allowed: Namespace data/);
});

test("suspended, exclusive and unfinished ones are warned of", async () => {
  const more = { suspend: true, concurrencyPolicy: "Forbid" };
  const fixtures = [cronJob("nightly-report", more)];
  const server = await connect({ mode: "dry-run", overrides: { fixtures } });
  const { text } = await server.call("kubectl_run_job", ask);
  expect(text).toContain("CronJob nightly-report is suspended");
  expect(text).toContain("forbids two runs at once");
  expect(text).toContain("It has no deadline");
});

test("a CronJob that changed between the yes and the run is not run", async () => {
  let reads = 0;
  const world = withCluster(({ workloads }) => ({
    workloads: {
      ...workloads,
      async get(ref, signal) {
        const object = await workloads.get(ref, signal);
        if (!object || ref.kind !== "cronjobs") return object;
        // Planned, planned again after the yes, then read once more to be run.
        if (++reads < 3) return object;
        const spec = {
          jobTemplate: { spec: { template: { spec: { containers: [{ name: "x" }] } } } },
        };
        return { ...object, spec };
      },
    },
  }));
  const { call } = await connect({ answer: yes, overrides, world });
  const { value, text } = await call("kubectl_run_job", ask);
  expect(value, text).toMatchObject({ status: "not_applied" });
  expect(text).toContain("has changed since the plan");
});

test("a lost answer is settled by the action's mark: made once, never twice", async () => {
  const world = withCluster(({ workloads }) => ({
    workloads: {
      ...workloads,
      async createJob(job, dryRun, signal) {
        const made = await workloads.createJob(job, dryRun, signal);
        if (!dryRun) throw new OpsError("timed_out", "No answer.", "Look.");
        return made;
      },
    },
  }));
  const { call } = await connect({ answer: yes, overrides, world });
  const { value, text } = await call("kubectl_run_job", ask);
  expect(value, text).toMatchObject({ status: "applied" });
  expect((await call("kubectl_get", jobs)).value.rows).toHaveLength(1);
});

test("without the right, the plan is refused with the role to add", async () => {
  const world = withCluster(({ workloads }) => ({
    workloads: { ...workloads, may: async () => false },
  }));
  const { call } = await connect({ answer: yes, overrides, world });
  const { text } = await call("kubectl_run_job", ask);
  expect(text).toMatch(/^access_denied: .* create jobs\.batch in namespace data/);
});

test.each([
  ["neither", { namespace: "data" }, "Either cronjob or template"],
  ["both", { ...ask, template: "report" }, "Either cronjob or template"],
  ["an unknown CronJob", { ...ask, cronjob: "nightly-raport" }, "nightly-report"],
  ["an unknown template", { template: "clear-cash" }, "Did you mean clear-cache?"],
  ["what is no name", { ...ask, cronjob: "-f" }, "invalid_input"],
])("%s is a clear error", async (_what, args, said) => {
  const { call } = await connect({ answer: yes, overrides, policy });
  const { text, failed } = await call("kubectl_run_job", args);
  expect(failed).toBe(true);
  expect(text).toContain(said);
});
