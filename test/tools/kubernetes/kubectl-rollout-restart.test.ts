import { expect, test } from "vitest";
import type { KubeObject } from "#domain/kubernetes/object.ts";
import { OpsError } from "#errors.ts";
import { withCluster } from "../../support/cluster.ts";
import { connect } from "../../support/connect.ts";

const ask = { deployment: "customer-etl", namespace: "data" };
const yes = () => ({ action: "accept" as const, content: { approve: true } });
/** Ids are random. */
const stable = (text: string) => text.replaceAll(/ACT-\w+/g, "ACT-1");

/** The cluster with each deployment changed as it is read. */
const seenAs = (change: (object: KubeObject) => KubeObject) =>
  withCluster(({ workloads }) => ({
    workloads: {
      ...workloads,
      async get(ref, signal) {
        const object = await workloads.get(ref, signal);
        return object && ref.kind === "deployments" ? change(object) : object;
      },
    },
  }));

const withSpec = (fields: object) =>
  seenAs((object) => ({ ...object, spec: { ...Object(object.spec), ...fields } }));

const withLabels = (labels: Readonly<Record<string, string>>) =>
  seenAs(({ metadata, ...rest }) => ({
    ...rest,
    metadata: { ...metadata, labels: { ...metadata.labels, ...labels } },
  }));

test("a dry run shows the one field that changes and what a restart cannot do", async () => {
  const { call } = await connect({ mode: "dry-run" });
  const { text } = await call("kubectl_rollout_restart", ask);
  expect(stable(text)).toMatchInlineSnapshot(`
    "Planned, not carried out (dry run): Restart deployment/customer-etl in namespace data.
    Action ACT-1.

    Target: Deployment data/customer-etl in cluster sandbox. Risk: medium. Reversible: no.
    Impact: Replaces the 3 pods of deployment/customer-etl, step by step.
    Warning: deployment/customer-etl comes back with the same image and configuration: a restart clears state and removes no cause.
    \`\`\`diff
    Deployment customer-etl
      spec.template.metadata.annotations["kubectl.kubernetes.io/restartedAt"]: not set → now
    \`\`\`
    Way back: none
    By hand: kubectl rollout restart deployment/customer-etl --namespace data --context sandbox

    Next: Nothing was changed (dry run). To carry it out, start Firewatch with --mode live."
  `);
});

test("an approved restart is carried out and verified", async () => {
  const { call } = await connect({ answer: yes });
  const { value, text } = await call("kubectl_rollout_restart", ask);
  expect(value, text).toMatchObject({ status: "applied", verification: { outcome: "passed" } });
});

test("a status that moved in between does not stop a restart; a changed template does", async () => {
  let conflicts = 1;
  const world = withCluster(({ workloads }) => ({
    workloads: {
      ...workloads,
      async restart(ref, at, change, signal) {
        if (!change.dryRun && conflicts-- > 0) {
          throw new OpsError("conflict", "the object has been modified", "Read it again.");
        }
        return workloads.restart(ref, at, change, signal);
      },
    },
  }));
  const { call } = await connect({ answer: yes, world });
  const { value, text } = await call("kubectl_rollout_restart", ask);
  expect(value, text).toMatchObject({ status: "applied" });
  conflicts = 2;
  const again = await connect({ answer: yes, world });
  expect((await again.call("kubectl_rollout_restart", ask)).value).toMatchObject({
    status: "not_applied",
  });
});

test("a restart cannot be taken back, and the refusal says so", async () => {
  const { call } = await connect({ answer: yes });
  const { value } = await call("kubectl_rollout_restart", ask);
  const { text, failed } = await call("undo_action", { action_id: value.action_id });
  expect(failed).toBe(true);
  expect(text).toMatch(/^refused: .* kubectl_rollout_restart cannot be undone\.\n\S/);
});

test.each([
  ["a paused workload", withSpec({ paused: true }), "refused: deployment/customer-etl is paused"],
  ["a workload without pods", withSpec({ replicas: 0 }), "no_change"],
  ["what Flux applies", withLabels({ "kustomize.toolkit.fluxcd.io/name": "apps" }), "Flux"],
])("%s is refused", async (_what, world, said) => {
  const { call } = await connect({ answer: yes, world });
  const { text, failed } = await call("kubectl_rollout_restart", ask);
  expect(failed).toBe(true);
  expect(text).toContain(said);
});

test("Argo CD does not take a restart back", async () => {
  const world = withLabels({ "argocd.argoproj.io/instance": "etl" });
  const { call } = await connect({ mode: "dry-run", world });
  const { value } = await call("kubectl_rollout_restart", ask);
  expect(value).toMatchObject({ status: "planned" });
});

test.each([
  ["an unknown workload", { deployment: "customer-elt" }, "customer-etl"],
  ["another kind", { resource_type: "statefulset" }, "not_found"],
  ["a kind that does not restart", { resource_type: "job" }, "invalid_input"],
])("%s is a clear error", async (_what, args, said) => {
  const { call } = await connect({ answer: yes });
  const { text, failed } = await call("kubectl_rollout_restart", { ...ask, ...args });
  expect(failed).toBe(true);
  expect(text).toContain(said);
});
