import { expect, test } from "vitest";
import { OpsError } from "#errors.ts";
import { withCluster } from "../../support/cluster.ts";
import { connect } from "../../support/connect.ts";

const release = { release: "customer-etl", namespace: "data" };
const yes = () => ({
  action: "accept" as const,
  content: { approve: true, target: "customer-etl" },
});
/** Ids are random. */
const stable = (text: string) => text.replaceAll(/ACT-\w+/g, "ACT-1");

test("a dry run shows the diff to the newest healthy revision that differs", async () => {
  const { call } = await connect({ mode: "dry-run" });
  const { text, value } = await call("helm_rollback", release);
  expect(value).toMatchObject({ status: "planned" });
  expect(stable(text)).toMatchInlineSnapshot(`
    "Planned, not carried out (dry run): Roll release customer-etl back from revision 7 (customer-etl-2.3.1, app v2.3.1) to revision 6 (customer-etl-2.3.0, app v2.3.0). Revision 6 is the newest healthy one that differs from the current 7.
    Action ACT-1.

    Target: Release data/customer-etl in cluster sandbox. Risk: high. Reversible: partial.
    Impact: Replaces the 3 pods of deployment/customer-etl.
    Warning: Hooks of the chart run again. Database migrations, data and custom resource definitions are not taken back.
    \`\`\`diff
    Deployment customer-etl
      spec.template.spec.containers[customer-etl].image: registry.example.com/data/customer-etl:v2.3.1 → registry.example.com/data/customer-etl:v2.3.0
    Values
      image.tag: v2.3.1 → v2.3.0
    Version labels and checksums of 3 objects differ too.
    \`\`\`
    Way back: undo_action, which calls helm_rollback with release "customer-etl", namespace "data", revision 7
    By hand: helm rollback customer-etl 6 --namespace data --wait --timeout 300s --kube-context sandbox

    Next: Nothing was changed (dry run). To carry it out, start Firewatch with --mode live."
  `);
});

test("an approved rollback is carried out, verified and on record", async () => {
  const { call } = await connect({ answer: yes });
  const { value, text } = await call("helm_rollback", release);
  expect(value, text).toMatchObject({
    status: "applied",
    result: { from: 7, to: 6, new_revision: 8 },
    verification: { outcome: "passed" },
  });
  const history = await call("helm_history", { ...release, limit: 2 });
  expect(history.text).toContain(`| 8 | deployed | yes: deployed, verified `);
  expect(history.text).toContain(`yes: superseded, rolled back from by revision 8`);
});

test("the plan after a rollback says so, and what was changed by hand since", async () => {
  const { call, advance } = await connect({ answer: yes });
  await call("helm_rollback", release);
  const data = { max_connections: "200" };
  await call("kubectl_patch_configmap", { name: "customer-etl-config", namespace: "data", data });
  await advance(600_000);
  const { text } = await call("helm_rollback", { ...release, revision: 4 });
  expect(text).toContain("Healthy ones to return to: 6, 5, 3, 2, 1.");
  const { value } = await call("helm_rollback", { ...release, revision: 5 });
  expect(value).toMatchObject({
    plan: {
      warnings: expect.arrayContaining([
        "Revision 8 is itself a rollback: see whether it helped before going further back.",
        "ConfigMap customer-etl-config was changed outside Helm; the rollback sets back max_connections (200 → 50). By hand, Helm 4 needs --force-conflicts for it.",
      ]),
    },
  });
});

test.each([
  ["a revision that failed", { revision: 4 }, "refused: Revision 4 was never healthy"],
  ["the current revision", { revision: 7 }, "no_change: Revision 7 is the current one."],
  ["an unknown revision", { revision: 99 }, "not_found: There is no revision 99."],
  ["an unknown release", { release: "custmer-etl" }, "Close names: customer-etl (namespace data)."],
  ["another namespace", { namespace: "default" }, "It is in namespace data."],
  ["a negative revision", { revision: -1 }, "invalid_input"],
  ["an unknown argument", { force: true }, "Valid arguments: release, namespace, revision"],
  ["a name that is an option", { release: "--kube-context" }, "invalid_input"],
])("%s is refused", async (_what, args, said) => {
  const { call } = await connect({ answer: yes });
  const { text, failed } = await call("helm_rollback", { ...release, ...args });
  expect(failed).toBe(true);
  expect(text).toContain(said);
});

test("a release that another operation holds is refused", async () => {
  const world = withCluster(({ releases }) => ({
    releases: {
      ...releases,
      async history(...args) {
        const [newest, ...older] = await releases.history(...args);
        return newest ? [{ ...newest, status: "pending-upgrade" as const }, ...older] : [];
      },
    },
  }));
  const { call } = await connect({ answer: yes, world });
  const { text } = await call("helm_rollback", release);
  expect(text).toContain("refused: Release customer-etl is pending-upgrade since ");
});

test("a rollback that fails half-way is told from one that never began", async () => {
  const world = withCluster(({ releases }) => ({
    releases: {
      ...releases,
      async rollback() {
        throw new OpsError("conflict", "another operation is in progress", "Wait.");
      },
    },
  }));
  const { call } = await connect({ answer: yes, world });
  const { value } = await call("helm_rollback", release);
  expect(value).toMatchObject({ status: "not_applied" });
});

test("workloads that do not recover fail the verification, whatever Helm says", async () => {
  const world = withCluster(({ workloads }) => ({
    workloads: {
      ...workloads,
      async get(ref, signal) {
        const object = await workloads.get(ref, signal);
        if (ref.kind !== "deployments" || !object) return object;
        return { ...object, status: { ...Object(object.status), availableReplicas: 1 } };
      },
    },
  }));
  const { call } = await connect({ answer: yes, world });
  const { value } = await call("helm_rollback", release);
  expect(value).toMatchObject({ status: "verify_failed", verification: { outcome: "failed" } });
  const history = await call("helm_history", { ...release, limit: 1 });
  expect(history.text).toContain("no: deployed, but its verification failed ");
});

test("workloads that cannot be seen leave the outcome open", async () => {
  let applied = false;
  const world = withCluster(({ workloads, releases }) => ({
    releases: {
      ...releases,
      async rollback(...args) {
        await releases.rollback(...args);
        applied = true;
      },
    },
    workloads: {
      ...workloads,
      async get(...args) {
        if (applied) throw new OpsError("unreachable", "connection refused", "Try again.");
        return workloads.get(...args);
      },
    },
  }));
  const { call } = await connect({ answer: yes, world });
  const { value } = await call("helm_rollback", release);
  expect(value).toMatchObject({ status: "inconclusive" });
});
