import { expect, test } from "vitest";
import { approve } from "../../support/approve.ts";
import { withObjects } from "../../support/changed-cluster.ts";
import { connect } from "../../support/connect.ts";
import { byArgo, byOperator, inShop, marked, powerless, rival } from "../../support/refusals.ts";

const scenario = "checkout-memory";
const tool = "kubectl_set_resources";
const ask = { name: "checkout", namespace: "shop", memory_limit: "512Mi" };
const yes = () => ({ action: "accept" as const, content: { approve: true } });
const no = () => ({ action: "decline" as const });
/** Ids are random. */
const stable = (text: string) => text.replaceAll(/ACT-\w+/g, "ACT-1");

test("a dry run shows each setting, what the pods serve, and what does not return", async () => {
  const { call } = await connect({ scenario, mode: "dry-run" });
  const { text } = await call(tool, { ...ask, cpu_limit: "2" });
  expect(stable(text)).toMatchInlineSnapshot(`
    "Planned, not carried out (dry run): Set resources of container checkout of deployment/checkout in namespace shop.
    Action ACT-1.

    Target: Deployment shop/checkout in cluster sandbox. Risk: medium. Reversible: yes.
    Impact: Replaces the 4 pods of deployment/checkout, step by step. In front: service/checkout (no ready pod).
    Warning: A container that needs more than 2 cores is slowed down (throttled).
    Warning: A rollout of deployment/checkout is stuck: 4 of 4 pods of the current template: CrashLoopBackOff (last exit 137 OOMKilled). 0 of 4 replicas are available.
    Warning: Helm release checkout installed it and will not know of this: its next upgrade or rollback sets its own again.
    \`\`\`diff
    Deployment checkout
      spec.template.spec.containers[checkout].resources.limits.cpu: none → 2
      spec.template.spec.containers[checkout].resources.limits.memory: 256Mi → 512Mi
    \`\`\`
    Way back: undo_action, which calls kubectl_set_resources with name "checkout", container "checkout", cpu_limit "none", memory_limit "256Mi", namespace "shop", resource_type "deployment"
    By hand: kubectl set resources deployment/checkout --containers checkout --limits=cpu=2,memory=512Mi --namespace shop --context sandbox

    Next: Nothing was changed (dry run). To carry it out, start Firewatch with --mode live."
  `);
});

test("enough memory stops the kills, and the verification says how it was before", async () => {
  const { call } = await connect({ scenario, answer: yes });
  const { value, text } = await call(tool, ask);
  expect(value, text).toMatchObject({ status: "applied", verification: { outcome: "passed" } });
  expect(text).toMatch(
    /no worse than before \(Before: .* failing\. Now: 4 of 4 ready, none failing/,
  );
});

test("too little memory fails the verification, and the way back restores the settings", async () => {
  const { call } = await connect({ scenario: "quiet-night", answer: yes });
  const target = { name: "uploads-api", namespace: "media" };
  const set = { ...target, cpu_request: "3.95", cpu_limit: "none" };
  const { value, text } = await call(tool, { ...set, memory_request: "none" });
  expect(value, text).toMatchObject({ status: "verify_failed" });
  const back = await call("undo_action", { action_id: value.action_id });
  expect(back.value, back.text).toMatchObject({ status: "applied" });
  expect(JSON.stringify(back.value)).toContain("resources.requests.cpu: 3.95 → 250m");
  expect(JSON.stringify(back.value)).toContain("resources.requests.memory: none → 256Mi");
});

test("a person's no changes nothing", async () => {
  const { call } = await connect({ scenario, answer: no });
  expect((await call(tool, ask)).value).toMatchObject({ status: "declined" });
});

test("an approval is void once the template was changed by somebody else", async () => {
  const server = await connect({ scenario });
  const { value } = await server.call(tool, ask);
  await approve(server, value.code);
  const other = await connect(rival(server.house));
  await other.call(tool, { ...ask, memory_limit: "300Mi" });
  await server.advance(120_000);
  const late = await server.call(tool, { ...ask, approval_code: value.code });
  expect(late.text).toContain("The target changed after the plan was made");
});

test("a right that is missing is named with the role to add", async () => {
  const live = await connect({ scenario, answer: yes, world: powerless });
  const { text, failed } = await live.call(tool, ask);
  expect(failed).toBe(true);
  expect(text).toMatch(/^access_denied: These credentials may not patch deployments\.apps/);
  expect(text).toContain("resources: [deployments], verbs: [patch]");
});

test.each([
  ["Argo CD", byArgo, "Argo CD Application shop"],
  ["an operator", byOperator, "Operator Shop main"],
])("a workload that %s writes is refused", async (_who, metadata, said) => {
  const world = marked("deployments", metadata);
  const { call } = await connect({ scenario, answer: yes, world });
  const { text, failed } = await call(tool, ask);
  expect(failed).toBe(true);
  expect(text).toContain(said);
});

test("bounds of the namespace, quotas, nodes and autoscalers are warned of", async () => {
  const world = withObjects({
    limitranges: [
      inShop("bounds", { spec: { limits: [{ type: "Container", max: { memory: "1Gi" } }] } }),
    ],
    resourcequotas: [
      inShop("team", {
        status: { hard: { "limits.memory": "4Gi" }, used: { "limits.memory": "3Gi" } },
      }),
    ],
  });
  const { call } = await connect({ scenario, mode: "dry-run", world });
  const big = { memory_limit: "14Gi", memory_request: "14Gi" };
  const { text } = await call(tool, { ...ask, ...big });
  expect(text).toContain("LimitRange bounds allows at most 1Gi memory");
  expect(text).toMatch(/Quota team has 3Gi of 4Gi limits\.memory in use/);
  expect(text).toMatch(/have room for \d of the 4 by their requests/);
  const scaled = await call(tool, { name: "catalogue", namespace: "shop", cpu_request: "300m" });
  expect(scaled.text).toContain("HorizontalPodAutoscaler catalogue may measure use against");
});

test("a limit below what the pods use now is warned of", async () => {
  const { call } = await connect({ scenario: "quiet-night", mode: "dry-run" });
  const target = { name: "uploads-api", namespace: "media" };
  const { text } = await call(tool, { ...target, memory_limit: "1Mi", memory_request: "none" });
  expect(text).toMatch(/uploads-api uses up to \d+Mi of memory now, and 1Mi is less than that/);
});

test.each([
  ["what it has", { memory_limit: "268435456" }, "no_change"],
  ["nothing", { memory_limit: undefined }, "No request and no limit is given"],
  [
    "a request above the limit",
    { memory_request: "1Gi", memory_limit: undefined },
    "above the limit",
  ],
  ["thousandths of bytes", { memory_limit: "512m" }, "thousandth of a byte"],
  ["no quantity", { memory_limit: "lots" }, "invalid_input"],
  ["thousands of cores", { cpu_limit: "500Mi" }, "invalid_input"],
  ["an unknown container", { container: "checkuot" }, "Name one in `container`: checkout."],
  ["an unknown workload", { name: "checkuot" }, "checkout"],
])("%s is refused", async (_what, args, said) => {
  const { call } = await connect({ scenario, answer: yes });
  const { text, failed } = await call(tool, { ...ask, ...args });
  expect(failed).toBe(true);
  expect(text).toContain(said);
});
