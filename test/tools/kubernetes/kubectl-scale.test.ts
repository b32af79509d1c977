import { expect, test } from "vitest";
import { kubeObjectSchema } from "#domain/kubernetes/object.ts";
import { approve } from "../../support/approve.ts";
import { withObjects } from "../../support/changed-cluster.ts";
import { withCluster } from "../../support/cluster.ts";
import { connect } from "../../support/connect.ts";
import { rival } from "../../support/refusals.ts";

const ask = { name: "customer-etl", namespace: "data", replicas: 6 };
const yes = () => ({ action: "accept" as const, content: { approve: true } });
const no = () => ({ action: "decline" as const });
/** Ids are random. */
const stable = (text: string) => text.replaceAll(/ACT-\w+/g, "ACT-1");

const object = (name: string, spec: object, more: object = {}) =>
  kubeObjectSchema.parse({ metadata: { name, namespace: "data" }, spec, ...more });

const autoscaled = withObjects({
  horizontalpodautoscalers: [
    object("customer-etl", {
      scaleTargetRef: { kind: "Deployment", name: "customer-etl" },
      minReplicas: 2,
      maxReplicas: 10,
    }),
  ],
});

/** The cluster with each deployment's metadata changed as it is read. */
const labelled = (metadata: object) =>
  withCluster(({ workloads }) => ({
    workloads: {
      ...workloads,
      async get(ref, signal) {
        const found = await workloads.get(ref, signal);
        if (!found || ref.kind !== "deployments") return found;
        return { ...found, metadata: { ...found.metadata, ...metadata } };
      },
    },
  }));

test("a dry run shows the count, what the pods serve, and what the change meets", async () => {
  const { call } = await connect({ mode: "dry-run" });
  const { text } = await call("kubectl_scale", ask);
  expect(stable(text)).toMatchInlineSnapshot(`
    "Planned, not carried out (dry run): Scale deployment/customer-etl in namespace data from 3 to 6.
    Action ACT-1.

    Target: Deployment data/customer-etl in cluster sandbox. Risk: medium. Reversible: yes.
    Impact: Adds 3 pods to the 3 of deployment/customer-etl. Each asks for customer-etl cpu 250m, memory 256Mi. In front: service/customer-etl (all of its 3 ready pods).
    Warning: Helm release customer-etl installed it and will not know of this: its next upgrade or rollback sets its own again.
    \`\`\`diff
    Deployment customer-etl
      spec.replicas: 3 → 6
    \`\`\`
    Way back: undo_action, which calls kubectl_scale with name "customer-etl", replicas 3, namespace "data", resource_type "deployment"
    By hand: kubectl scale deployment/customer-etl --replicas=6 --current-replicas=3 --namespace data --context sandbox

    Next: Nothing was changed (dry run). To carry it out, start Firewatch with --mode live."
  `);
});

test("an approved scaling is carried out, compared with before, and its way back returns the count", async () => {
  const { call } = await connect({ answer: yes });
  const { value, text } = await call("kubectl_scale", ask);
  expect(value, text).toMatchObject({
    status: "applied",
    result: { from: 3, to: 6 },
    verification: { outcome: "passed" },
  });
  expect(text).toContain(
    "no worse than before (Before: 3 of 3 ready, none failing. Now: 6 of 6 ready, none failing.)",
  );
  const back = await call("undo_action", { action_id: value.action_id });
  expect(back.value, back.text).toMatchObject({ status: "applied", result: { from: 6, to: 3 } });
});

test("a person's no changes nothing", async () => {
  const { call } = await connect({ answer: no });
  const { value } = await call("kubectl_scale", ask);
  expect(value).toMatchObject({ status: "declined" });
  const { text } = await call("kubectl_get", {
    resource_type: "deployments",
    namespace: "data",
    name: "customer-etl",
  });
  expect(text).toContain("3/3");
});

test("an approval is void once somebody else has changed the count", async () => {
  const server = await connect({});
  const { value } = await server.call("kubectl_scale", ask);
  await approve(server, value.code);
  const other = await connect(rival(server.house));
  await other.call("kubectl_scale", { ...ask, replicas: 4 });
  await server.advance(120_000);
  const late = await server.call("kubectl_scale", { ...ask, approval_code: value.code });
  expect(late.text).toContain("The target changed after the plan was made");
});

test("a right that is missing is named with the role to add, before anybody is asked", async () => {
  const world = withCluster(({ workloads }) => ({
    workloads: { ...workloads, may: async () => false },
  }));
  const live = await connect({ answer: yes, world });
  const refused = await live.call("kubectl_scale", ask);
  expect(refused.failed).toBe(true);
  expect(refused.text).toContain(
    "access_denied: These credentials may not patch deployments.apps in namespace data.",
  );
  expect(refused.text).toContain("resources: [deployments], verbs: [patch]");
  const dry = await connect({ mode: "dry-run", world });
  const { value, text } = await dry.call("kubectl_scale", ask);
  expect(value, text).toMatchObject({ status: "planned" });
  expect(text).toContain("Warning: These credentials may not patch deployments.apps");
});

test("zero replicas are named for what they are", async () => {
  const { call } = await connect({ mode: "dry-run" });
  const { text } = await call("kubectl_scale", { ...ask, replicas: 0 });
  expect(text).toContain("This stops deployment/customer-etl: no pod is left to serve.");
});

test.each([
  ["an autoscaler", autoscaled, "kubectl_set_hpa_bounds"],
  [
    "Argo CD",
    labelled({ annotations: { "argocd.argoproj.io/tracking-id": "etl:apps/Deployment" } }),
    "Argo CD Application etl",
  ],
  [
    "an operator",
    labelled({ ownerReferences: [{ kind: "Pipeline", name: "etl", uid: "1", controller: true }] }),
    "Operator Pipeline etl owns this: its operator sets",
  ],
])("a count that %s owns is refused", async (_who, world, said) => {
  const { call } = await connect({ answer: yes, world });
  const { text, failed } = await call("kubectl_scale", ask);
  expect(failed).toBe(true);
  expect(text).toMatch(/^refused: /);
  expect(text).toContain(said);
});

test("budgets, quotas and nodes that do not fit the count are warned of", async () => {
  const world = withObjects({
    poddisruptionbudgets: [
      object("etl", {
        minAvailable: 2,
        selector: { matchLabels: { "app.kubernetes.io/name": "customer-etl" } },
      }),
    ],
    resourcequotas: [
      object(
        "team",
        {},
        {
          status: { hard: { "requests.cpu": "3" }, used: { "requests.cpu": "2500m" } },
        },
      ),
    ],
  });
  const { call } = await connect({ mode: "dry-run", world });
  const less = await call("kubectl_scale", { ...ask, replicas: 2 });
  expect(less.text).toContain(
    "With 2, disruption budget etl lets no pod be evicted: nodes under them cannot be drained.",
  );
  const more = await call("kubectl_scale", { ...ask, replicas: 100 });
  expect(more.text).toContain(
    "Quota team has 2.5 of 3 requests.cpu in use, and this may ask for 24.25 more: pods beyond it are not created.",
  );
  expect(more.text).toMatch(/The 3 nodes that take new pods have room for \d+ of the 97/);
});

test("pods that cannot become ready fail the verification, and the way back is shown", async () => {
  const { call } = await connect({ scenario: "checkout-memory", answer: yes });
  const { value, text } = await call("kubectl_scale", {
    name: "checkout",
    namespace: "shop",
    replicas: 6,
  });
  expect(value, text).toMatchObject({ status: "verify_failed" });
  const back = await call("undo_action", { action_id: value.action_id });
  expect(back.value, back.text).toMatchObject({ result: { from: 6, to: 4 } });
});

test.each([
  ["the count that it has", { replicas: 3 }, "no_change"],
  ["a negative count", { replicas: -1 }, "invalid_input"],
  ["a count beyond reason", { replicas: 1001 }, "invalid_input"],
  ["a kind without a count", { resource_type: "daemonset" }, "invalid_input"],
  ["a name that is an option", { name: "--server=evil" }, "invalid_input"],
  ["an unknown workload", { name: "customer-elt" }, "customer-etl"],
])("%s is refused", async (_what, args, said) => {
  const { call } = await connect({ answer: yes });
  const { text, failed } = await call("kubectl_scale", { ...ask, ...args });
  expect(failed).toBe(true);
  expect(text).toContain(said);
});
