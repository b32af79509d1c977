import { expect, test } from "vitest";
import { isObject } from "#domain/json.ts";
import { withObjects } from "../../support/changed-cluster.ts";
import { withCluster } from "../../support/cluster.ts";
import { connect } from "../../support/connect.ts";
import { object, pod } from "../../support/objects.ts";

const yes = () => ({ action: "accept" as const, content: { approve: true } });
/** Ids are random, and a pod's name tells of its whole template. */
const stable = (text: string) =>
  text
    .replaceAll(/ACT-\w+/g, "ACT-1")
    .replaceAll(/customer-etl-\w{10}-\w{5}/g, "customer-etl-HASH-POD")
    .replaceAll(/customer-etl-\w{10}/g, "customer-etl-HASH");

type Connected = Awaited<ReturnType<typeof connect>>;

async function podNames({ call }: Pick<Connected, "call">): Promise<readonly string[]> {
  const { value } = await call("kubectl_get", {
    resource_type: "pods",
    namespace: "data",
    label_selector: "app.kubernetes.io/name=customer-etl",
  });
  const rows = Array.isArray(value.rows) ? value.rows : [];
  return rows.flatMap((row) => (isObject(row) ? [String(row.name)] : []));
}

const first = async (server: Connected) => ({
  name: (await podNames(server))[0] ?? "",
  namespace: "data",
});

test("a dry run shows the pod, its controller and what a new one cannot do", async () => {
  const server = await connect({ mode: "dry-run", overrides: { budgets: { "customer-etl": 2 } } });
  const { text } = await server.call("kubectl_evict_pod", await first(server));
  expect(stable(text)).toMatchInlineSnapshot(`
    "Planned, not carried out (dry run): Evict pod data/customer-etl-HASH-POD.
    Action ACT-1.

    Target: Pod data/customer-etl-HASH-POD in cluster sandbox. Risk: medium. Reversible: no.
    Impact: ReplicaSet customer-etl-HASH makes a new pod; 3 of its 3 pods are ready until then, this one included.
    Warning: Budget data/customer-etl needs 2 of 3 pods healthy and has 3: it allows 1 eviction now.
    Warning: The new pod has the same template: an eviction moves a pod and removes no cause.
    \`\`\`diff
    Pod data/customer-etl-HASH-POD
      evicted; ReplicaSet customer-etl-HASH makes a new one
    \`\`\`
    Way back: none
    By hand: echo '{"apiVersion":"policy/v1","kind":"Eviction","metadata":{"name":"customer-etl-HASH-POD","namespace":"data"}}' | kubectl create --raw /api/v1/namespaces/data/pods/customer-etl-HASH-POD/eviction -f - --context sandbox

    Next: Nothing was changed (dry run). To carry it out, start Firewatch with --mode live."
  `);
});

test("an evicted pod is replaced, and cannot be brought back", async () => {
  const server = await connect({ answer: yes });
  const asked = await first(server);
  const { value, text } = await server.call("kubectl_evict_pod", asked);
  expect(value, text).toMatchObject({ status: "applied", verification: { outcome: "passed" } });
  expect(await podNames(server)).not.toContain(asked.name);
  expect(await podNames(server)).toHaveLength(3);
  const undone = await server.call("undo_action", { action_id: value.action_id });
  expect(undone.text).toContain("kubectl_evict_pod cannot be undone");
});

test("a budget that allows none refuses, with what it counts, and nothing is changed", async () => {
  const server = await connect({ answer: yes, overrides: { budgets: { "customer-etl": 3 } } });
  const before = await podNames(server);
  const { text, failed } = await server.call("kubectl_evict_pod", await first(server));
  expect(failed).toBe(true);
  expect(text).toContain(
    "Budget data/customer-etl needs 3 of 3 pods healthy and has 3: it allows 0 evictions now.",
  );
  expect(await podNames(server)).toEqual(before);
});

test("a budget that fills up after the yes leaves the pod, and says so", async () => {
  const world = withCluster(({ workloads }) => ({
    workloads: {
      ...workloads,
      evict: async (ref, dryRun, signal) =>
        dryRun ? workloads.evict(ref, dryRun, signal) : { evicted: false, blocked: "web is full" },
    },
  }));
  const server = await connect({ answer: yes, world });
  const { value, text } = await server.call("kubectl_evict_pod", await first(server));
  expect(value).toMatchObject({ status: "not_applied" });
  expect(text).toContain("web is full");
});

test("a pod under several budgets is refused, which the API would fail on", async () => {
  const spec = { selector: { matchLabels: { "app.kubernetes.io/name": "customer-etl" } } };
  const added = ["one", "two"].map((name) => object(name, { spec, status: {} }));
  const world = withObjects({ poddisruptionbudgets: added });
  const server = await connect({ mode: "dry-run", world });
  const { text } = await server.call("kubectl_evict_pod", await first(server));
  expect(text).toMatch(/^refused: .* is under several budgets \(data\/one and data\/two\)/);
});

test("a declined eviction changes nothing", async () => {
  const server = await connect({ answer: () => ({ action: "decline" }) });
  const before = await podNames(server);
  await server.call("kubectl_evict_pod", await first(server));
  expect(await podNames(server)).toEqual(before);
});

test("a pod outside the allowed namespaces is refused", async () => {
  const { call } = await connect({ answer: yes, settings: { namespaces: ["web"] } });
  const { text } = await call("kubectl_evict_pod", { name: "customer-etl-1", namespace: "data" });
  expect(text).toMatch(/^not_allowed: Namespace data/);
});

test("without the right, the plan is refused with the role to add", async () => {
  const world = withCluster(({ workloads }) => ({
    workloads: { ...workloads, may: async () => false },
  }));
  const server = await connect({ answer: yes, world });
  const { text } = await server.call("kubectl_evict_pod", await first(server));
  expect(text).toMatch(/^access_denied: .* create pods\/eviction in namespace data/);
  expect(text).toContain("resources: [pods/eviction], verbs: [create]");
});

const mirror = { annotations: { "kubernetes.io/config.mirror": "abc" } };
test.each([
  ["a pod without a controller", pod("lonely"), "has no controller"],
  ["a static pod", pod("lonely", { metadata: mirror }), "static pod"],
  [
    "a pod on its way out",
    pod("lonely", { metadata: { deletionTimestamp: "2026-04-25T14:00:00Z" } }),
    "no_change",
  ],
])("%s is refused", async (_what, lonely, said) => {
  const { call } = await connect({ answer: yes, world: withObjects({ pods: [lonely] }) });
  const { text, failed } = await call("kubectl_evict_pod", { name: "lonely", namespace: "data" });
  expect(failed).toBe(true);
  expect(text).toContain(said);
});

test.each([
  ["an unknown pod", { name: "nobody", namespace: "data" }, "not_found"],
  ["what is no name", { name: "--all", namespace: "data" }, "invalid_input"],
])("%s is a clear error", async (_what, args, said) => {
  const { call } = await connect({ answer: yes });
  const { text, failed } = await call("kubectl_evict_pod", args);
  expect(failed).toBe(true);
  expect(text).toContain(said);
});
