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

const service = {
  apiVersion: "v1",
  kind: "Service",
  metadata: { name: "front" },
  spec: { selector: { track: "blue" }, ports: [{ port: 80 }] },
};

function ingress(name: string, backend: string, annotations: Readonly<Record<string, string>>) {
  const to = { service: { name: backend, port: { number: 80 } } };
  const paths = [{ path: "/", pathType: "Prefix", backend: to }];
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "Ingress",
    metadata: { name, annotations },
    spec: { rules: [{ host: "shop.example.com", http: { paths } }] },
  };
}

const nginx = "nginx.ingress.kubernetes.io";
const cronJob = {
  apiVersion: "batch/v1",
  kind: "CronJob",
  metadata: { name: "report" },
  spec: {
    schedule: "0 3 1 1 *",
    jobTemplate: {
      spec: {
        template: {
          spec: {
            restartPolicy: "Never",
            containers: [{ name: "report", image: "registry.example.com/report:v1" }],
          },
        },
      },
    },
  },
};

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
    deployment("blue", 2, { app: "front", track: "blue" }),
    deployment("green", 1, { app: "front", track: "green" }),
    budget(3),
    service,
    {
      ...service,
      metadata: { name: "green" },
      spec: { ...service.spec, selector: { track: "green" } },
    },
    ingress("shop", "front", {}),
    ingress("shop-canary", "green", {
      [`${nginx}/canary`]: "true",
      [`${nginx}/canary-weight`]: "5",
    }),
    cronJob,
  );
  for (const name of ["web", "blue", "green"]) {
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

it("runs a CronJob's job once, as a run by hand, and waits for its end", async () => {
  const { call } = await approvingServer("report");
  const { value, text } = await call("kubectl_run_job", { cronjob: "report", namespace });
  expect(value, text).toMatchObject({ status: "applied", verification: { outcome: "passed" } });
  const { items } = JSON.parse(await kubectl(["get", "jobs", "-o", "json", ...where]));
  expect(items).toHaveLength(1);
  expect(items[0].metadata).toMatchObject({
    annotations: {
      "cronjob.kubernetes.io/instantiate": "manual",
      "firewatch.dev/action": value.action_id,
    },
    ownerReferences: [{ kind: "CronJob", name: "report", controller: true }],
  });
});

it("sends a Service's traffic to other pods, and back exactly", async () => {
  const { call } = await approvingServer("front");
  const nobody = await call("kubectl_shift_traffic", {
    name: "front",
    namespace,
    selector: { track: "red" },
  });
  expect(nobody.text).toMatch(/^refused: No ready pod is behind/);
  const asked = { name: "front", namespace, selector: { track: "green" } };
  const { value, text } = await call("kubectl_shift_traffic", asked);
  expect(value, text).toMatchObject({ status: "applied", verification: { outcome: "passed" } });
  const back = await call("undo_action", { action_id: value.action_id });
  expect(back.value, back.text).toMatchObject({ status: "applied" });
  const selector = ["get", "service", "front", "-o", "jsonpath={.spec.selector}", ...where];
  expect(JSON.parse(await kubectl(selector))).toEqual({ track: "blue" });
});

it("sets a canary's weight, and back", async () => {
  const { call } = await approvingServer("shop-canary");
  const { value, text } = await call("kubectl_shift_traffic", {
    name: "shop-canary",
    namespace,
    weight: 40,
  });
  expect(value, text).toMatchObject({ status: "applied", verification: { outcome: "passed" } });
  const back = await call("undo_action", { action_id: value.action_id });
  expect(back.value, back.text).toMatchObject({ status: "applied" });
  const seen = JSON.parse(await kubectl(["get", "ingress", "shop-canary", "-o", "json", ...where]));
  expect(seen.metadata.annotations[`${nginx}/canary-weight`]).toBe("5");
});
