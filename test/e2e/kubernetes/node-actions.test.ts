import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { node } from "../backends/kubernetes/nodes.ts";
import { cluster } from "./cluster.ts";
import { approvingServer } from "./live-server.ts";

const namespace = "node-actions";
const where = ["--namespace", namespace];
const pool = { pool: "node-actions" };
const nodes = ["actions-a", "actions-b"] as const;

const kubectl = (args: readonly string[], input?: string) => cluster().kubectl(args, input);

/** Creates the objects in the namespace. */
async function create(...items: readonly object[]) {
  const list = { apiVersion: "v1", kind: "List", items };
  await kubectl(["create", "-f", "-", ...where], JSON.stringify(list));
}

/** A deployment on the nodes of this test. */
function deployment(name: string, replicas: number, labels: Readonly<Record<string, string>>) {
  const containers = [{ name: "app", image: "registry.example.com/app:v1" }];
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { nodeSelector: pool, containers } },
    },
  };
}

const budget = (minAvailable: number) => ({
  apiVersion: "policy/v1",
  kind: "PodDisruptionBudget",
  metadata: { name: "web" },
  spec: { minAvailable, selector: { matchLabels: { app: "web" } } },
});

async function podNames(...more: readonly string[]): Promise<readonly string[]> {
  const names = await kubectl(["get", "pods", "-o", "name", ...more, ...where]);
  return names.split("\n").flatMap((line) => (line === "" ? [] : [line.replace("pod/", "")]));
}

const on = (name: string) => ["--field-selector", `spec.nodeName=${name}`];

async function allowed(budgetAllows: number) {
  const get = ["get", "pdb", "web", "-o", "jsonpath={.status.disruptionsAllowed}", ...where];
  await vi.waitFor(async () => expect(await kubectl(get)).toBe(String(budgetAllows)), 10_000);
}

const setBudget = (minAvailable: number) =>
  kubectl([
    ...["patch", "pdb", "web", "--type", "merge", "-p"],
    JSON.stringify({ spec: { minAvailable } }),
    ...where,
  ]);

beforeAll(async () => {
  const items = nodes.map((name, index) => {
    const object = node(name, `zone-${index}`, new Date(), 1);
    return {
      ...object,
      metadata: { ...object.metadata, labels: { ...object.metadata.labels, ...pool } },
    };
  });
  await kubectl(["create", "-f", "-"], JSON.stringify({ apiVersion: "v1", kind: "List", items }));
  await kubectl(["create", "namespace", namespace]);
  await create(
    deployment("web", 3, { app: "web" }),
    deployment("front", 3, { app: "front" }),
    budget(3),
  );
  for (const name of ["web", "front"]) {
    await kubectl(["rollout", "status", `deployment/${name}`, "--timeout=60s", ...where]);
  }
});

afterAll(async () => {
  await kubectl(["delete", "namespace", namespace, "--wait=false"]);
  await kubectl(["delete", "node", ...nodes]);
});

it("a budget that allows nothing refuses an eviction, by the API server's own word", async () => {
  await allowed(0);
  const [pod = ""] = await podNames("-l", "app=web");
  const { call } = await approvingServer(pod);
  const { text, failed } = await call("kubectl_evict_pod", { name: pod, namespace });
  expect(failed).toBe(true);
  expect(text).toContain(
    `Budget ${namespace}/web needs 3 of 3 pods healthy and has 3: it allows 0 evictions now.`,
  );
  expect(await podNames("-l", "app=web")).toContain(pod);
});

it("a pod that the budget lets go is evicted and replaced", async () => {
  await setBudget(2);
  await allowed(1);
  const [pod = ""] = await podNames("-l", "app=web");
  const { call } = await approvingServer(pod);
  const { value, text } = await call("kubectl_evict_pod", { name: pod, namespace });
  expect(value, text).toMatchObject({ status: "applied", verification: { outcome: "passed" } });
  expect(await podNames("-l", "app=web")).not.toContain(pod);
});

it("cordons a node, marks it with the action, and takes it back", async () => {
  const { call } = await approvingServer("actions-b");
  const { value, text } = await call("kubectl_cordon", { node: "actions-b" });
  expect(value, text).toMatchObject({ status: "applied" });
  const seen = JSON.parse(await kubectl(["get", "node", "actions-b", "-o", "json"]));
  expect(seen.spec.unschedulable).toBe(true);
  expect(seen.metadata.annotations["firewatch.dev/action"]).toBe(value.action_id);
  const back = await call("undo_action", { action_id: value.action_id });
  expect(back.value, back.text).toMatchObject({ status: "applied" });
});

it("drains a node past a budget that blocks at first, and leaves its workloads well", async () => {
  const there = await podNames(...on("actions-a"));
  expect(there.length).toBeGreaterThan(0);
  await setBudget(3);
  await allowed(0);
  const { call } = await approvingServer("actions-a");
  const draining = call("kubectl_drain_node", { node: "actions-a", timeout_seconds: 480 });
  const others = () => podNames("-l", "app=front", ...on("actions-a"));
  await vi.waitFor(async () => expect(await others()).toEqual([]), 20_000);
  await delay(1_000);
  expect((await podNames("-l", "app=web")).length).toBe(3);
  await setBudget(2);
  const { value, text } = await draining;
  expect(value, text).toMatchObject({ status: "applied", verification: { outcome: "passed" } });
  expect(await podNames(...on("actions-a"))).toEqual([]);
  const back = await call("undo_action", { action_id: value.action_id });
  expect(back.value, back.text).toMatchObject({ status: "applied" });
});

it("a drain that its budget never lets end says how far it came", async () => {
  await setBudget(3);
  await allowed(0);
  const { call } = await approvingServer("actions-b");
  const { value, text } = await call("kubectl_drain_node", {
    node: "actions-b",
    timeout_seconds: 60,
  });
  expect(value, text).toMatchObject({ status: "verify_failed" });
  expect(text).toContain("The disruption budget web needs 3 healthy pods and has 3 currently");
  const back = await call("undo_action", { action_id: value.action_id });
  expect(back.value, back.text).toMatchObject({ status: "applied" });
});
