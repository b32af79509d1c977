import { expect, test } from "vitest";
import { approve } from "../../support/approve.ts";
import { connect, countingBytes } from "../../support/connect.ts";
import { byArgo, byOperator, marked, powerless, rival } from "../../support/refusals.ts";

const tool = "kubectl_rollout_undo";
const scenario = "checkout-memory";
const ask = { name: "checkout", namespace: "shop" };
const yes = () => ({ action: "accept" as const, content: { approve: true } });
const no = () => ({ action: "decline" as const });
/** Ids are random. */
const stable = (text: string) => text.replaceAll(/ACT-\w+/g, "ACT-1");

test("a dry run shows the template's diff and what does not return with it", async () => {
  const { call } = await connect({ scenario, mode: "dry-run" });
  const { text } = await call(tool, ask);
  expect(stable(text)).toMatchInlineSnapshot(`
    "Planned, not carried out (dry run): Return deployment/checkout in namespace shop to revision 4 (first rolled out 2026-04-17T14:22:33Z, registry.example.com/shop/checkout:v4.11.0).
    Action ACT-1.

    Target: Deployment shop/checkout in cluster sandbox. Risk: medium. Reversible: partial.
    Impact: Replaces the 4 pods of deployment/checkout, step by step. In front: service/checkout (no ready pod).
    Warning: Whether revision 4 was well is not on record.
    Warning: ConfigMaps and Secrets are not part of a revision and stay as they are now: Secret checkout-payment, ConfigMap checkout-config.
    Warning: A rollout of deployment/checkout is stuck: 4 of 4 pods of the current template: CrashLoopBackOff (last exit 137 OOMKilled). 0 of 4 replicas are available.
    Warning: Helm release checkout installed it and will not know of this: its next upgrade or rollback sets its own again; helm_rollback would return the whole release, its ConfigMaps too.
    \`\`\`diff
    Deployment checkout
      spec.template.metadata.labels["app.kubernetes.io/version"]: v4.12.0 → v4.11.0
      spec.template.spec.containers[checkout].image: registry.example.com/shop/checkout:v4.12.0 → registry.example.com/shop/checkout:v4.11.0
      spec.template.spec.containers[checkout].resources.limits.memory: 256Mi → 512Mi
    \`\`\`
    Way back: undo_action, which calls kubectl_rollout_undo with name "checkout", to_revision 5, namespace "shop", resource_type "deployment"
    By hand: kubectl rollout undo deployment/checkout --to-revision=4 --namespace shop --context sandbox

    Next: Nothing was changed (dry run). To carry it out, start Firewatch with --mode live."
  `);
});

test("the revision before heals the pods though Helm's record differs, and the way back returns", async () => {
  const { call, advance, house } = await connect({ scenario, answer: yes });
  const { call: dry } = await connect({
    house,
    mode: "dry-run",
    settings: { randomBytes: countingBytes(100) },
  });
  const { value, text } = await call(tool, ask);
  expect(value, text).toMatchObject({
    status: "applied",
    result: { from_revision: 5, to_revision: 4, new_revision: 6 },
    verification: { outcome: "passed" },
  });
  const helm = await call("helm_history", { release: "checkout", namespace: "shop", limit: 1 });
  expect(helm.text).toContain("4.12.0");
  await advance(120_000);
  const again = await dry(tool, ask);
  expect(again.text, "the revision that was left is not chosen").toContain("to revision 3");
  const back = await call("undo_action", { action_id: value.action_id });
  expect(back.value, back.text).toMatchObject({ status: "verify_failed" });
  expect(back.text).toContain("OOMKilled");
});

test("a revision that cannot run fails the verification, and its way back heals", async () => {
  const { call } = await connect({ answer: yes });
  const bad = { name: "customer-etl", namespace: "data", to_revision: 4 };
  const { value, text } = await call(tool, bad);
  expect(value, text).toMatchObject({ status: "verify_failed" });
  const back = await call("undo_action", { action_id: value.action_id });
  expect(back.value, back.text).toMatchObject({ status: "applied", result: { to_revision: 7 } });
});

test("a person's no changes nothing", async () => {
  const { call } = await connect({ scenario, answer: no });
  expect((await call(tool, ask)).value).toMatchObject({ status: "declined" });
});

test("an approval is void once the template is another", async () => {
  const server = await connect({ scenario });
  const { value } = await server.call(tool, ask);
  await approve(server, value.code);
  const other = await connect(rival(server.house));
  await other.call("kubectl_set_resources", { ...ask, memory_limit: "300Mi" });
  await server.advance(120_000);
  const late = await server.call(tool, { ...ask, approval_code: value.code });
  expect(late.text).toContain("The target changed after the plan was made");
});

test.each([
  ["without the right", powerless, "access_denied: "],
  ["of what Argo CD applies", marked("deployments", byArgo), "refused: Argo CD"],
  ["of what an operator writes", marked("deployments", byOperator), "refused: Operator"],
])("%s it is refused", async (_what, world, said) => {
  const { call } = await connect({ scenario, answer: yes, world });
  const { text, failed } = await call(tool, ask);
  expect(failed).toBe(true);
  expect(text).toContain(said);
});

test.each([
  ["the revision that runs", { to_revision: 5 }, "no_change"],
  ["a revision that is not kept", { to_revision: 99 }, "Others: 4, 3, 2, 1."],
  ["revision 0", { to_revision: 0 }, "invalid_input"],
  ["an unknown workload", { name: "checkuot" }, "checkout"],
  ["a kind without revisions", { resource_type: "job" }, "invalid_input"],
])("%s is refused", async (_what, args, said) => {
  const { call } = await connect({ scenario, answer: yes });
  const { text, failed } = await call(tool, { ...ask, ...args });
  expect(failed).toBe(true);
  expect(text).toContain(said);
});

test("a paused workload is refused, and one with one revision has none to return to", async () => {
  const { call } = await connect({ answer: yes });
  const paused = await call(tool, { name: "ledger-archive", namespace: "data" });
  expect(paused.text).toMatch(/^refused: deployment\/ledger-archive is paused/);
  const shop = await connect({ scenario, answer: yes });
  const single = await shop.call(tool, { name: "storefront", namespace: "shop" });
  expect(single.text).toContain("No earlier revision of deployment/storefront");
});
