import { expect, test } from "vitest";
import { isObject } from "#domain/json.ts";
import type { World } from "#ports/index.ts";
import { withObjects } from "../../support/changed-cluster.ts";
import { withCluster } from "../../support/cluster.ts";
import { connect } from "../../support/connect.ts";
import { ownedBy, pod } from "../../support/objects.ts";

const ask = { node: "node-a" };
const yes = () => ({ action: "accept" as const, content: { approve: true, target: "node-a" } });
/** Ids are random, and a pod's name tells of its whole template. */
const stable = (text: string) =>
  text
    .replaceAll(/ACT-\w+/g, "ACT-1")
    .replaceAll(/-\w{10}-\w{5}\b/g, "-HASH-POD")
    .replaceAll(/(ReplicaSet [\w-]+)-\w{10}\b/g, "$1-HASH");

type Connected = Awaited<ReturnType<typeof connect>>;

async function podsOnNode({ call }: Pick<Connected, "call">): Promise<readonly string[]> {
  const { value } = await call("kubectl_get", {
    resource_type: "pods",
    all_namespaces: true,
    limit: 100,
  });
  const rows = Array.isArray(value.rows) ? value.rows : [];
  return rows.flatMap((row) => (isObject(row) && row.node === "node-a" ? [String(row.name)] : []));
}

/** The world in which `then` happens with each eviction that is carried out. */
const atEviction = (then: (count: number) => void) => {
  let count = 0;
  return withCluster(({ workloads }) => ({
    workloads: {
      ...workloads,
      async evict(ref, dryRun, signal) {
        const answer = await workloads.evict(ref, dryRun, signal);
        if (!dryRun) then(++count);
        return answer;
      },
    },
  }));
};

test("a dry run says who leaves, where there is room, and who stays", async () => {
  const { call } = await connect({
    mode: "dry-run",
    overrides: { budgets: { "customer-etl": 3 } },
  });
  const { text } = await call("kubectl_drain_node", ask);
  expect(stable(text)).toMatchInlineSnapshot(`
    "Planned, not carried out (dry run): Drain node node-a.
    Action ACT-1.

    Target: Node node-a in cluster sandbox. Risk: high. Reversible: partial.
    Impact: 4 pods of 1 namespace leave node-a one by one, as their budgets allow; their controllers make them anew elsewhere.
    Warning: Budget data/customer-etl needs 3 of 3 pods healthy and has 3: it allows 0 evictions now. The drain waits for 1 pod of it until it allows more, and gives up when its time is up.
    Warning: Room is judged by requests alone: affinity, topology and volumes may need more.
    Warning: To uncordon the node brings no pod back to it: they stay where they are.
    \`\`\`diff
    Node node-a
      spec.unschedulable: false → true
    Leave: 4
      - data/churn-features-HASH-POD (ReplicaSet churn-features-HASH), room on node-b
      - data/customer-etl-HASH-POD (ReplicaSet customer-etl-HASH), room on node-b
      - data/invoice-export-HASH-POD (ReplicaSet invoice-export-HASH), room on node-b
      - data/reporting-sync-HASH-POD (ReplicaSet reporting-sync-HASH), room on node-b
    \`\`\`
    Way back: undo_action, which calls kubectl_cordon with node "node-a", cordoned false
    By hand: kubectl drain node-a --ignore-daemonsets --timeout=300s --context sandbox

    Next: Nothing was changed (dry run). To carry it out, start Firewatch with --mode live."
  `);
});

test("a drained node is empty, its workloads are well elsewhere, and the undo opens it again", async () => {
  const server = await connect({ scenario: "quiet-night", answer: yes });
  expect((await podsOnNode(server)).length).toBeGreaterThan(0);
  const { value, text } = await server.call("kubectl_drain_node", ask);
  expect(value, text).toMatchObject({ status: "applied", verification: { outcome: "passed" } });
  expect(await podsOnNode(server)).toEqual([]);
  const again = await server.call("kubectl_drain_node", ask);
  expect(again.text).toMatch(/^no_change: Node node-a is cordoned, and no pod is left/);
  const undone = await server.call("undo_action", { action_id: value.action_id });
  expect(undone.value, undone.text).toMatchObject({ status: "applied" });
});

test("a budget that never yields: the drain gives up in its time and says how far it came", async () => {
  const server = await connect({
    scenario: "quiet-night",
    answer: yes,
    overrides: { budgets: { "uploads-api": 3 } },
  });
  const { value, text } = await server.call("kubectl_drain_node", { ...ask, timeout_seconds: 30 });
  expect(value, text).toMatchObject({ status: "verify_failed" });
  expect(text).toContain(
    "The disruption budget uploads-api needs 3 healthy pods and has 3 currently",
  );
  expect(text).toMatch(/Not evicted: 1 pod\./);
  expect(text).toContain("undo_action");
});

test("a budget that allows one at a time is waited for", async () => {
  const server = await connect({
    scenario: "quiet-night",
    answer: yes,
    overrides: { budgets: { "uploads-api": 2 } },
  });
  const { value, text } = await server.call("kubectl_drain_node", ask);
  expect(value, text).toMatchObject({ status: "applied", verification: { outcome: "passed" } });
});

test("the kill switch stops it between two pods", async () => {
  let killed = false;
  const world = atEviction(() => {
    killed = true;
  });
  const first = await connect({ answer: yes, world });
  const { policy } = first.house;
  const load = async () => ({ ...(await policy.load()), kill_switch: killed });
  const server = await connect({ house: { ...first.house, policy: { load } }, answer: yes });
  const { value, text } = await server.call("kubectl_drain_node", ask);
  expect(value, text).toMatchObject({ status: "verify_failed" });
  expect(text).toContain("evicted 1 pod, then stopped, because the policy's kill switch is on");
});

test("a caller who gives up stops it between two pods", async () => {
  const stop = new AbortController();
  const world = atEviction(() => stop.abort(new Error("given up")));
  const server = await connect({ world });
  const asked = await server.call("kubectl_drain_node", ask);
  const { approve } = await import("../../support/approve.ts");
  await approve(server, asked.value.code);
  const caller = {
    principal: "kim",
    client: "test",
    transport: "memory",
    verified: false,
  } as const;
  const raw = { ...ask, approval_code: asked.value.code };
  await server.calls.perform("kubectl_drain_node", raw, caller, { signal: stop.signal });
  await server.calls.idle();
  const { value, text } = await server.call("get_action", { action_id: asked.value.action_id });
  expect(value, text).toMatchObject({ status: "verify_failed" });
  expect(text).toContain("evicted 1 pod, then stopped, because its caller cancelled it");
});

const onNode = (name: string, more: object = {}, spec: object = {}) =>
  pod(name, { metadata: { namespace: "other", ...more }, spec: { nodeName: "node-a", ...spec } });
const scratch = { volumes: [{ name: "scratch", emptyDir: {} }] };
const added = (...pods: readonly ReturnType<typeof onNode>[]): ((world: World) => World) =>
  withObjects({ pods });

test.each([
  [
    "a pod that nothing makes anew",
    onNode("lonely"),
    "other/lonely: nothing makes it anew (force_unmanaged)",
  ],
  [
    "a pod with local data",
    onNode("cache", ownedBy("ReplicaSet", "cache"), scratch),
    "other/cache: loses scratch (delete_local_data)",
  ],
])("%s is refused unless said", async (_what, object, said) => {
  const { call } = await connect({ mode: "dry-run", world: added(object) });
  const { text, failed } = await call("kubectl_drain_node", ask);
  expect(failed).toBe(true);
  expect(text).toContain(said);
  const all = { ...ask, delete_local_data: true, force_unmanaged: true };
  const { value } = await call("kubectl_drain_node", all);
  expect(value).toMatchObject({ status: "planned" });
});

test("pods of DaemonSets and of the kubelet stay", async () => {
  const daemon = onNode("agent", ownedBy("DaemonSet", "agent"), scratch);
  const mirror = onNode("proxy", { annotations: { "kubernetes.io/config.mirror": "x" } });
  const { call } = await connect({ mode: "dry-run", world: added(daemon, mirror) });
  const { text } = await call("kubectl_drain_node", ask);
  expect(text).toContain("other/agent (DaemonSet agent)");
  expect(text).toContain("other/proxy (static pod of the kubelet)");
});

test("a cluster without room says for how many", async () => {
  const requests = { resources: { requests: { cpu: "20" } } };
  const large = onNode("large", ownedBy("ReplicaSet", "large"), {
    containers: [{ name: "app", image: "large:1", ...requests }],
  });
  const { call } = await connect({ mode: "dry-run", world: added(large) });
  const { text } = await call("kubectl_drain_node", ask);
  expect(text).toContain("other/large (ReplicaSet large), no room elsewhere");
  expect(text).toContain("no room for 1 pod by their requests");
});

test("without the rights, the plan is refused with the role to add", async () => {
  const world = withCluster(({ workloads }) => ({
    workloads: { ...workloads, may: async () => false },
  }));
  const { call } = await connect({ answer: yes, world });
  const { text } = await call("kubectl_drain_node", ask);
  expect(text).toMatch(/^access_denied: .* patch nodes, nor create pods\/eviction\./);
  expect(text).toContain("kind: ClusterRole");
});

test.each([
  ["an unknown node", { node: "node-z" }, "not_found"],
  ["no time at all", { node: "node-a", timeout_seconds: 0 }, "invalid_input"],
])("%s is a clear error", async (_what, args, said) => {
  const { call } = await connect({ answer: yes });
  const { text, failed } = await call("kubectl_drain_node", args);
  expect(failed).toBe(true);
  expect(text).toContain(said);
});
