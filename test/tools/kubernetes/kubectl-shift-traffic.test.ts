import { expect, test } from "vitest";
import type { KubeObject } from "#domain/kubernetes/object.ts";
import { OpsError } from "#errors.ts";
import { withCluster } from "../../support/cluster.ts";
import { connect } from "../../support/connect.ts";
import { httpRoute, ingress } from "../../support/fixtures.ts";

const other = {
  "app.kubernetes.io/name": "reporting-sync",
  "app.kubernetes.io/instance": "reporting-sync",
};
const service = { name: "customer-etl", namespace: "data", selector: other };
const accepting = (target: string) => () => ({
  action: "accept" as const,
  content: { approve: true, target },
});
const yes = accepting("customer-etl");
/** Ids are random. */
const stable = (text: string) => text.replaceAll(/ACT-\w+/g, "ACT-1");

const fixtures = [
  ingress("shop", "customer-etl"),
  ingress("shop-canary", "reporting-sync", "5"),
  ingress("shop-lost", "nobody", "0"),
  httpRoute("shop", { "customer-etl": 90, "reporting-sync": 10, nobody: 0 }),
];
const overrides = { fixtures };
const canary = { name: "shop-canary", namespace: "data" };
const route = { name: "shop", namespace: "data" };

type Connected = Awaited<ReturnType<typeof connect>>;
const signal = new AbortController().signal;

async function seen(
  { house }: Connected,
  ref: { kind: "services" | "ingresses" | "httproutes"; name: string },
) {
  const { workloads } = (await house.world.clusters?.open("sandbox")) ?? {};
  return workloads?.get({ ...ref, namespace: "data" }, signal);
}

const asSeen = (kind: string, change: (object: KubeObject) => KubeObject) =>
  withCluster(({ workloads }) => ({
    workloads: {
      ...workloads,
      async get(ref, at) {
        const object = await workloads.get(ref, at);
        return object && ref.kind === kind ? change(object) : object;
      },
    },
  }));

test("a dry run shows the selector before and after, and how many are ready to take it", async () => {
  const { call } = await connect({ mode: "dry-run" });
  const { text } = await call("kubectl_shift_traffic", service);
  expect(stable(text)).toMatchInlineSnapshot(`
    "Planned, not carried out (dry run): Send the traffic of service data/customer-etl to other pods.
    Action ACT-1.

    Target: Service data/customer-etl in cluster sandbox. Risk: high. Reversible: yes.
    Impact: All traffic of service/customer-etl goes to 2 ready pods instead of 3; 0 of them take it now.
    Warning: Open connections stay with the old pods until they are closed.
    Warning: Helm release customer-etl installed it and will not know of this: its next upgrade or rollback sets its own again.
    \`\`\`diff
    Service data/customer-etl
      spec.selector["app.kubernetes.io/name"]: customer-etl → reporting-sync
      spec.selector["app.kubernetes.io/instance"]: customer-etl → reporting-sync
    \`\`\`
    Way back: undo_action, which calls kubectl_shift_traffic with name "customer-etl", namespace "data", selector {"app.kubernetes.io/name":"customer-etl","app.kubernetes.io/instance":"customer-etl"}
    By hand: kubectl patch services customer-etl --namespace data --type merge -p '{"spec":{"selector":{"app.kubernetes.io/name":"reporting-sync","app.kubernetes.io/instance":"reporting-sync"}}}' --context sandbox

    Next: Nothing was changed (dry run). To carry it out, start Firewatch with --mode live."
  `);
});

test("a Service's traffic goes to other pods, and back exactly", async () => {
  const server = await connect({ answer: yes });
  const before = await seen(server, { kind: "services", name: "customer-etl" });
  const { value, text } = await server.call("kubectl_shift_traffic", service);
  expect(value, text).toMatchObject({ status: "applied", verification: { outcome: "passed" } });
  const after = await seen(server, { kind: "services", name: "customer-etl" });
  expect(after?.spec).toMatchObject({ selector: other });
  expect(after?.metadata.annotations["firewatch.dev/action"]).toMatch(/^ACT-/);
  const undone = await server.call("undo_action", { action_id: value.action_id });
  expect(undone.value, undone.text).toMatchObject({ status: "applied" });
  const back = await seen(server, { kind: "services", name: "customer-etl" });
  expect(back?.spec).toEqual(before?.spec);
});

test("a canary's weight is set, and back exactly", async () => {
  const server = await connect({ answer: accepting("shop-canary"), overrides });
  const { value, text } = await server.call("kubectl_shift_traffic", { ...canary, weight: 50 });
  expect(value, text).toMatchObject({ status: "applied" });
  expect(text).toContain("take 50 of 100 requests instead of 5");
  const after = await seen(server, { kind: "ingresses", name: "shop-canary" });
  expect(after?.metadata.annotations).toMatchObject({
    "nginx.ingress.kubernetes.io/canary": "true",
    "nginx.ingress.kubernetes.io/canary-weight": "50",
  });
  const undone = await server.call("undo_action", { action_id: value.action_id });
  expect(undone.value, undone.text).toMatchObject({ status: "applied" });
  expect(undone.text).toContain("service customer-etl: ready endpoints");
});

test("an HTTPRoute's weights are set in their rule, everything else as it is, and back exactly", async () => {
  const server = await connect({ answer: accepting("shop"), overrides });
  const before = await seen(server, { kind: "httproutes", name: "shop" });
  const weights = { "customer-etl": 0, "reporting-sync": 100 };
  const { value, text } = await server.call("kubectl_shift_traffic", { ...route, weights });
  expect(value, text).toMatchObject({ status: "applied" });
  expect(text).toContain("customer-etl 0%, reporting-sync 100%");
  const after = await seen(server, { kind: "httproutes", name: "shop" });
  expect(after?.spec).toMatchObject({
    rules: [
      {
        matches: [{ path: { value: "/" } }],
        backendRefs: [
          { name: "customer-etl", port: 80, weight: 0 },
          { name: "reporting-sync", port: 80, weight: 100 },
          { name: "nobody", weight: 0 },
        ],
      },
    ],
  });
  const undone = await server.call("undo_action", { action_id: value.action_id });
  expect(undone.value, undone.text).toMatchObject({ status: "applied" });
  expect((await seen(server, { kind: "httproutes", name: "shop" }))?.spec).toEqual(before?.spec);
});

test.each([
  ["pods that are not there", { ...service, selector: { "app.kubernetes.io/name": "nobody" } }],
  ["a canary without endpoints", { name: "shop-lost", namespace: "data", weight: 10 }],
  ["a backend without endpoints", { ...route, weights: { nobody: 1 } }],
])("%s get no traffic", async (_what, args) => {
  const { call } = await connect({ answer: yes, overrides });
  const { text, failed } = await call("kubectl_shift_traffic", args);
  expect(failed).toBe(true);
  expect(text).toMatch(/^refused: No ready pod is behind/);
});

test("a declined shift changes nothing", async () => {
  const server = await connect({ answer: () => ({ action: "decline" }) });
  const before = await seen(server, { kind: "services", name: "customer-etl" });
  await server.call("kubectl_shift_traffic", service);
  expect(await seen(server, { kind: "services", name: "customer-etl" })).toEqual(before);
});

test("another change of the object in between does not stop it; another split does", async () => {
  let conflicts = 1;
  const world = withCluster(({ workloads }) => ({
    workloads: {
      ...workloads,
      async shiftTraffic(shift, change, at) {
        if (!change.dryRun && conflicts-- > 0) throw new OpsError("conflict", "moved", "Again.");
        return workloads.shiftTraffic(shift, change, at);
      },
    },
  }));
  const { call } = await connect({ answer: yes, world });
  expect((await call("kubectl_shift_traffic", service)).value).toMatchObject({ status: "applied" });
  conflicts = 2;
  const again = await connect({ answer: yes, world });
  const second = await again.call("kubectl_shift_traffic", service);
  expect(second.value).toMatchObject({ status: "not_applied" });
});

const withAnnotation = (name: string, value: string) =>
  asSeen("services", (object) => ({
    ...object,
    metadata: {
      ...object.metadata,
      annotations: { ...object.metadata.annotations, [name]: value },
    },
  }));

test.each([
  ["Argo CD", "argocd.argoproj.io/tracking-id", "etl:/Service:data/customer-etl"],
  ["Argo Rollout", "argo-rollouts.argoproj.io/managed-by-rollouts", "etl"],
])("what %s steers is refused", async (by, name, value) => {
  const { call } = await connect({ answer: yes, world: withAnnotation(name, value) });
  const { text, failed } = await call("kubectl_shift_traffic", service);
  expect(failed).toBe(true);
  expect(text).toMatch(/^refused: /);
  expect(text).toContain(by);
});

test("a Service outside the allowed namespaces is refused", async () => {
  const { call } = await connect({ answer: yes, settings: { namespaces: ["web"] } });
  const { text } = await call("kubectl_shift_traffic", service);
  expect(text).toMatch(/^not_allowed: Namespace data/);
});

test("without the right, the plan is refused with the role to add", async () => {
  const world = withCluster(({ workloads }) => ({
    workloads: { ...workloads, may: async () => false },
  }));
  const { call } = await connect({ answer: yes, overrides, world });
  const { text } = await call("kubectl_shift_traffic", { ...canary, weight: 6 });
  expect(text).toMatch(/^access_denied: .* patch ingresses\.networking\.k8s\.io in namespace data/);
});

test.each([
  ["nothing to shift", { name: "shop", namespace: "data" }, "One of selector, weight and weights"],
  ["two at once", { ...service, weight: 5 }, "One of selector, weight and weights"],
  ["an unknown Service", { ...service, name: "customer-elt" }, "customer-etl"],
  [
    "the selector as it is",
    { ...service, selector: { "app.kubernetes.io/name": "customer-etl" } },
    "no_change",
  ],
  [
    "no selector at all",
    {
      ...service,
      selector: { "app.kubernetes.io/name": null, "app.kubernetes.io/instance": null },
    },
    "would have no selector",
  ],
  ["what is no label", { ...service, selector: { app: "a b" } }, "invalid_input"],
  ["what is no label name", { ...service, selector: { "a=b,c": "d" } }, "invalid_input"],
  ["an ingress that is no canary", { ...route, weight: 5 }, "is no canary"],
  ["the weight as it is", { ...canary, weight: 5 }, "no_change"],
  ["more than all", { ...canary, weight: 101 }, "go up to 100"],
  ["an unknown backend", { ...route, weights: { shop: 1 } }, "Its backends: customer-etl"],
  ["an unknown rule", { ...route, weights: { nobody: 1 }, rule: 3 }, "has 1 rules"],
  [
    "no weight anywhere",
    { ...route, weights: { "customer-etl": 0, "reporting-sync": 0 } },
    "answer 500",
  ],
  ["the weights as they are", { ...route, weights: { nobody: 0 } }, "no_change"],
])("%s is a clear error", async (_what, args, said) => {
  const { call } = await connect({ answer: yes, overrides });
  const { text, failed } = await call("kubectl_shift_traffic", args);
  expect(failed).toBe(true);
  expect(text).toContain(said);
});
