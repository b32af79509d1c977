import { expect, test } from "vitest";
import { OpsError } from "#errors.ts";
import { approve } from "../../support/approve.ts";
import { withCluster } from "../../support/cluster.ts";
import { connect } from "../../support/connect.ts";
import { byArgo, marked, powerless, rival } from "../../support/refusals.ts";

const tool = "kubectl_set_hpa_bounds";
const scenario = "checkout-memory";
const ask = { name: "catalogue", namespace: "shop", min_replicas: 5 };
const yes = () => ({ action: "accept" as const, content: { approve: true } });
const no = () => ({ action: "decline" as const });
/** Ids are random. */
const stable = (text: string) => text.replaceAll(/ACT-\w+/g, "ACT-1");

test("a dry run shows the bounds and what becomes of the pods", async () => {
  const { call } = await connect({ scenario, mode: "dry-run" });
  const { text } = await call(tool, ask);
  expect(stable(text)).toMatchInlineSnapshot(`
    "Planned, not carried out (dry run): Let horizontalpodautoscaler/catalogue in namespace shop run 5 to 9 replicas.
    Action ACT-1.

    Target: HorizontalPodAutoscaler shop/catalogue in cluster sandbox. Risk: medium. Reversible: yes.
    Impact: Adds 2 to the 3 pods of deployment/catalogue. In front: service/catalogue (all of its 3 ready pods).
    \`\`\`diff
    HorizontalPodAutoscaler catalogue
      spec.minReplicas: 3 → 5
    \`\`\`
    Way back: undo_action, which calls kubectl_set_hpa_bounds with name "catalogue", min_replicas 3, max_replicas 9, namespace "shop"
    By hand: kubectl patch horizontalpodautoscaler catalogue --namespace shop --type merge -p '{"spec":{"minReplicas":5,"maxReplicas":9}}' --context sandbox

    Next: Nothing was changed (dry run). To carry it out, start Firewatch with --mode live."
  `);
});

test("a higher minimum brings more pods, and its way back restores both bounds", async () => {
  const { call } = await connect({ scenario, answer: yes });
  const { value, text } = await call(tool, { ...ask, max_replicas: 12 });
  expect(value, text).toMatchObject({
    status: "applied",
    result: { from: { min: 3, max: 9 }, to: { min: 5, max: 12 } },
    verification: { outcome: "passed" },
  });
  expect(text).toContain("5 of 5 ready");
  const back = await call("undo_action", { action_id: value.action_id });
  expect(back.value, back.text).toMatchObject({
    status: "applied",
    result: { to: { min: 3, max: 9 } },
  });
});

test("a person's no changes nothing", async () => {
  const { call } = await connect({ scenario, answer: no });
  expect((await call(tool, ask)).value).toMatchObject({ status: "declined" });
});

test("an approval is void once somebody else has set other bounds", async () => {
  const server = await connect({ scenario });
  const { value } = await server.call(tool, ask);
  await approve(server, value.code);
  const other = await connect(rival(server.house));
  await other.call(tool, { ...ask, min_replicas: 4 });
  await server.advance(120_000);
  const late = await server.call(tool, { ...ask, approval_code: value.code });
  expect(late.text).toContain("The target changed after the plan was made");
});

test("a status that moved in between does not stop the change", async () => {
  let conflicts = 1;
  const world = withCluster(({ workloads }) => ({
    workloads: {
      ...workloads,
      async setBounds(ref, bounds, change, signal) {
        if (!change.dryRun && conflicts-- > 0) {
          throw new OpsError("conflict", "the object has been modified", "Read it again.");
        }
        return workloads.setBounds(ref, bounds, change, signal);
      },
    },
  }));
  const { call } = await connect({ scenario, answer: yes, world });
  const { value, text } = await call(tool, ask);
  expect(value, text).toMatchObject({ status: "applied" });
});

test("bounds that somebody sets back at once fail the verification", async () => {
  const world = withCluster(({ workloads }) => ({
    workloads: {
      ...workloads,
      setBounds: (ref, bounds, change, signal) =>
        workloads.setBounds(ref, bounds, { ...change, dryRun: true }, signal),
    },
  }));
  const { call } = await connect({ scenario, answer: yes, world });
  const { value, text } = await call(tool, ask);
  expect(value, text).toMatchObject({ status: "verify_failed" });
  expect(text).toContain("change kept (It runs 3 to 9 replicas.)");
});

test("what KEDA, Argo CD or nobody's rights allow is refused", async () => {
  const keda = { labels: { "scaledobject.keda.sh/name": "catalogue" } };
  for (const [world, said] of [
    [marked("horizontalpodautoscalers", keda), "refused: KEDA catalogue owns this"],
    [marked("horizontalpodautoscalers", byArgo), "refused: Argo CD Application shop"],
    [powerless, "may not patch horizontalpodautoscalers.autoscaling in namespace shop"],
  ] as const) {
    const { call } = await connect({ scenario, answer: yes, world });
    const { text, failed } = await call(tool, ask);
    expect(failed).toBe(true);
    expect(text).toContain(said);
  }
});

test.each([
  ["the bounds that it has", { min_replicas: 3, max_replicas: 9 }, "no_change"],
  ["no bound", { min_replicas: undefined }, "no_change"],
  ["a minimum above the maximum", { min_replicas: 10 }, "make no range"],
  ["a minimum of 0", { min_replicas: 0 }, "invalid_input"],
  ["an unknown autoscaler", { name: "catalog" }, "catalogue"],
])("%s is refused", async (_what, args, said) => {
  const { call } = await connect({ scenario, answer: yes });
  const { text, failed } = await call(tool, { ...ask, ...args });
  expect(failed).toBe(true);
  expect(text).toContain(said);
});
