import { encode } from "gpt-tokenizer/encoding/o200k_base";
import { expect, test } from "vitest";
import { runbookFolder } from "#adapters/files/runbooks.ts";
import { connect } from "../../support/connect.ts";

test("a runbook is read step by step", async () => {
  const { call } = await connect();
  const { text, value } = await call("get_runbook", { slug: "failed-rollout" });
  expect(text).toMatchInlineSnapshot(`
    "# Rollout is stuck (failed-rollout)

    New pods do not become ready, so the rollout neither ends nor takes the old pods away. As long as old pods serve there is time to look; once they are gone there is not. A paused rollout and a Helm release in mid-operation look the same from outside and need neither rollback nor restart.

    Risk high, reversible: partial, owner platform.

    Parameters
    - release: Helm release of the workload.
    - deployment: Deployment that is stuck.
    - namespace: Its namespace.

    Before
    - The rollout is in truth not done: rollout_now != "done" (kubectl_rollout_status)

    Steps
    1. [status] Read what it waits for
       kubectl_rollout_status {"name":"\${deployment}","namespace":"\${namespace}"}
    2. [pods] Read the states of the new pods
       kubectl_get {"resource_type":"pods","namespace":"\${namespace}"}
    3. [events] Read why they are not scheduled or not ready
       kubectl_get {"resource_type":"events","namespace":"\${namespace}"}
    4. [history] See the revision that is going out, and its status
       helm_history {"release":"\${release}","namespace":"\${namespace}"}
    5. [cause] Name the cause
       ImagePullBackOff: follow runbook image-pull-failure. CrashLoopBackOff: crashloopbackoff. Pending: the nodes, the quota or a volume are short, and a rollback frees room only if the new revision asks for more. Ready never reached though the process runs: probe path, port or start time. Paused, or a pending Helm operation: ask who holds it.
    6. [decide] Choose the remedy
       held == true: elsewhere. by_revision == true: rollback. Else: elsewhere.
    7. [rollback] Go back to the last healthy revision
       helm_rollback {"release":"\${release}","namespace":"\${namespace}"}
       A person approves. On failure: elsewhere.
    8. [stable] All replicas are of one revision and ready
       kubectl_rollout_status {"name":"\${deployment}","namespace":"\${namespace}"}
       check rollout == "done"
       rollout is state. After 30 s, every 30 s, 20 times at most; 4 in a row pass. On failure: elsewhere.
    9. [done] Healed
       rollout == "done": end. Else: elsewhere.
    10. [elsewhere] Not the revision
       Make room (nodes, quota, volume), or let the holder of the pause or of the Helm operation finish. Helm refuses other operations while a release is pending; deleting its lock by hand risks two writers.

    Way back
    - Take the rollback back: undo_action

    References
    - Failed deployment: https://kubernetes.io/docs/concepts/workloads/controllers/deployment/
    - Helm history: https://helm.sh/docs/helm/helm_history/"
  `);
  expect(value).toMatchObject({ slug: "failed-rollout", risk: "high", steps: expect.any(Array) });
});

test("an unknown slug names close ones", async () => {
  const { call } = await connect();
  const near = await call("get_runbook", { slug: "oom-killed" });
  expect(near.text).toBe('not_found: There is no runbook "oom-killed".\nClose: oomkilled.');
  const far = await call("get_runbook", { slug: "../../etc/passwd" });
  expect(far.failed).toBe(true);
  expect(far.text).toContain("find_runbook without arguments lists all.");
});

test("no runbook costs a model more than 2,000 tokens", async () => {
  const { call } = await connect();
  for (const { slug } of await runbookFolder("runbooks").list()) {
    const { text, value } = await call("get_runbook", { slug });
    expect(encode(text).length, slug).toBeLessThan(2000);
    expect(encode(JSON.stringify(value)).length, slug).toBeLessThan(2000);
  }
});
