import { expect, test } from "vitest";
import { OpsError } from "#errors.ts";
import { withCluster } from "../../support/cluster.ts";
import { connect } from "../../support/connect.ts";

const ask = {
  name: "customer-etl-config",
  namespace: "data",
  data: { max_connections: "200" },
};
const yes = () => ({ action: "accept" as const, content: { approve: true } });
/** Ids are random. */
const stable = (text: string) => text.replaceAll(/ACT-\w+/g, "ACT-1");

test("a dry run shows each key, who reads it and when", async () => {
  const { call } = await connect({ mode: "dry-run" });
  const { text } = await call("kubectl_patch_configmap", { ...ask, restart: true });
  expect(stable(text)).toMatchInlineSnapshot(`
    "Planned, not carried out (dry run): Change 1 key (max_connections) of ConfigMap customer-etl-config, then restart deployment/customer-etl.
    Action ACT-1.

    Target: ConfigMap data/customer-etl-config in cluster sandbox. Risk: medium. Reversible: yes.
    Impact: deployment/customer-etl (3 pods) reads it as a volume and is restarted.
    Warning: The next upgrade or rollback of Helm release customer-etl undoes this; Helm 4 may ask for --force-conflicts first.
    \`\`\`diff
    ConfigMap customer-etl-config
      data.max_connections: 50 → 200
    \`\`\`
    Way back: undo_action, which calls kubectl_patch_configmap with name "customer-etl-config", namespace "data", data {"max_connections":"50"}, restart true
    By hand: kubectl patch configmap customer-etl-config --namespace data --type merge -p '{"data":{"max_connections":"200"}}' --context sandbox && kubectl rollout restart deployment/customer-etl --namespace data --context sandbox

    Next: Nothing was changed (dry run). To carry it out, start Firewatch with --mode live."
  `);
});

test("an approved change is verified, and its way back restores the old values", async () => {
  const { call } = await connect({ answer: yes });
  const data = { max_connections: "200", max_connection: "1" };
  const { value, text } = await call("kubectl_patch_configmap", { ...ask, data });
  expect(value, text).toMatchObject({
    status: "applied",
    plan: {
      warnings: expect.arrayContaining([expect.stringContaining("did you mean max_connections?")]),
    },
  });
  const back = await call("undo_action", { action_id: value.action_id });
  expect(back.value, back.text).toMatchObject({
    status: "applied",
    plan: { diff: expect.stringContaining("data.max_connections: 200 → 50") },
  });
});

test("restart true restarts the readers in the same action", async () => {
  const { call } = await connect({ answer: yes });
  const { value, text } = await call("kubectl_patch_configmap", { ...ask, restart: true });
  expect(value, text).toMatchObject({
    status: "applied",
    result: { keys: ["max_connections"], restarted: ["deployment/customer-etl"] },
  });
});

test("a patch whose restart fails is told as made and failed, with the restart named", async () => {
  const world = withCluster(({ workloads }) => ({
    workloads: {
      ...workloads,
      async restart(ref, at, change, signal) {
        if (!change.dryRun) throw new OpsError("backend_error", "the API broke", "Try again.");
        return workloads.restart(ref, at, change, signal);
      },
    },
  }));
  const { call } = await connect({ answer: yes, world });
  const { value } = await call("kubectl_patch_configmap", { ...ask, restart: true });
  expect(value).toMatchObject({
    status: "verify_failed",
    verification: {
      checks: expect.arrayContaining([
        expect.objectContaining({ name: "ConfigMap customer-etl-config: as asked", ok: true }),
        expect.objectContaining({ name: "deployment/customer-etl: restarted", ok: false }),
      ]),
    },
  });
});

test("an immutable ConfigMap is refused", async () => {
  const world = withCluster(({ workloads }) => ({
    workloads: {
      ...workloads,
      async get(ref, signal) {
        const object = await workloads.get(ref, signal);
        return object && ref.kind === "configmaps" ? { ...object, immutable: true } : object;
      },
    },
  }));
  const { call } = await connect({ answer: yes, world });
  const { text } = await call("kubectl_patch_configmap", ask);
  expect(text).toContain("refused: ConfigMap customer-etl-config is immutable");
});

test("a secret is neither planned nor stored", async () => {
  const { call } = await connect({ answer: yes });
  const data = { pool_password: "correct horse" };
  const { text } = await call("kubectl_patch_configmap", { ...ask, data });
  expect(text).toContain("secret_in_change");
  expect(text).not.toContain("horse");
  expect(text).toMatch(
    /the true value wherever it says \[redacted\]: kubectl patch .*"\[redacted\]"/,
  );
});

test.each([
  ["values that it holds", { data: { max_connections: "50" } }, "no_change"],
  ["removing what is not there", { data: { nothing: null } }, "no_change"],
  ["an unknown ConfigMap", { name: "customer-etl-conf" }, "customer-etl-config"],
  ["no key", { data: {} }, "invalid_input"],
  ["a key that no ConfigMap can have", { data: { "a/b": "1" } }, "invalid_input"],
  ["a value too long to read", { data: { a: "x".repeat(16_385) } }, "invalid_input"],
  ["a number", { data: { max_connections: 200 } }, "invalid_input"],
])("%s is refused", async (_what, args, said) => {
  const { call } = await connect({ answer: yes });
  const { text, failed } = await call("kubectl_patch_configmap", { ...ask, ...args });
  expect(failed).toBe(true);
  expect(text).toContain(said);
});
