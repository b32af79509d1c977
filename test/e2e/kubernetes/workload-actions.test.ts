import { setTimeout as delay } from "node:timers/promises";
import { beforeAll, expect, it } from "vitest";
import type { Clock } from "#ports/clock.ts";
import { connect, countingBytes } from "../../support/connect.ts";
import { seedIncident } from "../backends/kubernetes/incident.ts";
import { BEHAVES } from "../backends/kubernetes/stages.ts";
import { cluster, liveClusters } from "./cluster.ts";

const namespace = "workload-actions";
const name = "customer-etl";
const where = ["--namespace", namespace];
const target = { name, namespace };

/** Waits a part of what it is asked to: simulated pods are quicker than real ones. */
function hurrying(times = 20): Clock {
  let ahead = 0;
  return {
    now: () => new Date(Date.now() + ahead),
    async sleep(milliseconds, signal) {
      await delay(milliseconds / times, undefined, { signal });
      ahead += milliseconds - milliseconds / times;
    },
  };
}

/** A server on the real cluster whose person says yes. Each has ids of its own. */
async function server(clock = hurrying()) {
  const clusters = await liveClusters(4);
  return connect({
    world: () => ({ clock, clusters }),
    answer: () => ({ action: "accept", content: { approve: true, target: name } }),
    settings: { randomBytes: countingBytes(), callSeconds: 120 },
  });
}

async function field(kind: string, path: string, object = name): Promise<string> {
  return cluster().kubectl(["get", kind, object, "-o", `jsonpath={${path}}`, ...where]);
}

const container = ".spec.template.spec.containers[0]";

beforeAll(async () => {
  await seedIncident(cluster(), { namespace, name, major: 4 }, 1);
  const scale = ["autoscale", "deployment", "scaled", "--min=1", "--max=5", "--cpu=80%"];
  const image = "registry.example.com/team/app:v1";
  await cluster().kubectl(["create", "deployment", "scaled", `--image=${image}`, ...where]);
  await cluster().kubectl([...scale, ...where]);
});

it("scales, marks the object with the action, and takes it back", async () => {
  const { call } = await server();
  const { value, text } = await call("kubectl_scale", { ...target, replicas: 5 });
  expect(value, text).toMatchObject({ status: "applied", verification: { outcome: "passed" } });
  expect(await field("deployment", ".spec.replicas")).toBe("5");
  const marks = await field("deployment", ".metadata.annotations");
  expect(marks).toContain(`"firewatch.dev/action":"${value.action_id}"`);
  expect(await field("deployment", ".spec.template.metadata.annotations")).not.toContain(
    "firewatch",
  );
  const back = await call("undo_action", { action_id: value.action_id });
  expect(back.value, back.text).toMatchObject({ status: "applied", result: { from: 5, to: 3 } });
});

it("sets an image that cannot be pulled, sees that, and takes it back", async () => {
  const { call } = await server();
  const before = await field("deployment", `${container}.image`);
  const image = "registry.example.com/does-not-exist:v1";
  const { value, text } = await call("kubectl_set_image", { ...target, image });
  expect(value, text).toMatchObject({ status: "verify_failed" });
  expect(text).toContain("ImagePullBackOff");
  const back = await call("undo_action", { action_id: value.action_id });
  expect(back.value, back.text).toMatchObject({ status: "applied" });
  expect(await field("deployment", `${container}.image`)).toBe(before);
});

it("sets resources, and restores them exactly", async () => {
  const { call } = await server();
  const before = await field("deployment", `${container}.resources`);
  const wanted = { memory_limit: "0.5Gi", cpu_limit: "1500m", memory_request: "none" };
  const same = await call("kubectl_set_resources", { ...target, memory_limit: "0.5Gi" });
  expect(same.text).toMatch(/^no_change/);
  const { value, text } = await call("kubectl_set_resources", { ...target, ...wanted });
  expect(value, text).toMatchObject({ status: "applied", verification: { outcome: "passed" } });
  expect(JSON.parse(await field("deployment", `${container}.resources`))).toEqual({
    limits: { cpu: "1500m", memory: "512Mi" },
    requests: { cpu: "250m" },
  });
  const back = await call("undo_action", { action_id: value.action_id });
  expect(back.value, back.text).toMatchObject({ status: "applied" });
  expect(await field("deployment", `${container}.resources`)).toBe(before);
});

it("returns a crashing deployment to the revision whose pods were ready", async () => {
  const { call } = await server();
  const crash = { spec: { template: { metadata: { annotations: { [BEHAVES]: "crashloop" } } } } };
  const patch = ["patch", "deployment", name, "--patch", JSON.stringify(crash)];
  await cluster().kubectl([...patch, ...where]);
  const { value, text } = await call("kubectl_rollout_undo", target);
  expect(value, text).toMatchObject({ status: "applied", verification: { outcome: "passed" } });
  expect(await field("deployment", ".spec.template.metadata.annotations")).not.toContain(
    "crashloop",
  );
  const history = await call("kubectl_rollout_history", { ...target, limit: 1 });
  expect(history.text).toContain(`Revision ${Object(value.result).new_revision} (current)`);
  const back = await call("undo_action", { action_id: value.action_id });
  expect(back.value, back.text).toMatchObject({ status: "verify_failed" });
  await cluster().kubectl(["rollout", "undo", `deployment/${name}`, ...where]);
});

it("returns a StatefulSet to its revision before", async () => {
  const { call } = await server();
  const app = { app: "ordered" };
  const containers = [{ name: "app", image: "registry.example.com/team/ordered:v1" }];
  const template = { metadata: { labels: app }, spec: { containers } };
  const spec = { replicas: 2, serviceName: "ordered", selector: { matchLabels: app }, template };
  const object = {
    apiVersion: "apps/v1",
    kind: "StatefulSet",
    metadata: { name: "ordered" },
    spec,
  };
  await cluster().kubectl(["create", "-f", "-", ...where], JSON.stringify(object));
  const status = ["rollout", "status", "statefulset/ordered", "--timeout=60s"];
  await cluster().kubectl([...status, ...where]);
  const next = "app=registry.example.com/team/ordered:v2";
  await cluster().kubectl(["set", "image", "statefulset/ordered", next, ...where]);
  await cluster().kubectl([...status, ...where]);
  const ordered = { name: "ordered", namespace, resource_type: "statefulset" };
  const { value, text } = await call("kubectl_rollout_undo", ordered);
  expect(value, text).toMatchObject({ status: "applied", result: { to_revision: 1 } });
  expect(await field("statefulset", `${container}.image`, "ordered")).toMatch(/:v1$/);
});

it("pauses, refuses an undo meanwhile, and resumes", async () => {
  const { call } = await server();
  const { value, text } = await call("kubectl_rollout_pause", { ...target, paused: true });
  expect(value, text).toMatchObject({ status: "applied", verification: { outcome: "passed" } });
  expect(await field("deployment", ".spec.paused")).toBe("true");
  const refused = await call("kubectl_rollout_undo", target);
  expect(refused.text).toMatch(/^refused: .* is paused/);
  const back = await call("undo_action", { action_id: value.action_id });
  expect(back.value, back.text).toMatchObject({ status: "applied", result: { paused: false } });
});

it("raises an autoscaler's minimum, which its controller heeds, and takes it back", async () => {
  // The controller looks every 15 seconds.
  const { call } = await server(hurrying(3));
  const scaler = { name: "scaled", namespace };
  const { value, text } = await call("kubectl_set_hpa_bounds", { ...scaler, min_replicas: 3 });
  expect(value, text).toMatchObject({ status: "applied", result: { to: { min: 3, max: 5 } } });
  expect(await field("deployment", ".spec.replicas", "scaled")).toBe("3");
  const back = await call("undo_action", { action_id: value.action_id });
  expect(back.value, back.text).toMatchObject({ result: { to: { min: 1, max: 5 } } });
  const refused = await call("kubectl_scale", { ...scaler, replicas: 2 });
  expect(refused.text).toMatch(/^refused: HorizontalPodAutoscaler scaled owns this/);
});

it("refuses for an account without rights, with the role to add, before anybody is asked", async () => {
  await cluster().kubectl(["create", "serviceaccount", "reader", ...where]);
  const view = ["--clusterrole=view", `--serviceaccount=${namespace}:reader`];
  await cluster().kubectl(["create", "rolebinding", "reader", ...view, ...where]);
  const kubeconfig = await cluster().accountKubeconfig(namespace, "reader");
  const clusters = await liveClusters(4, kubeconfig);
  const { call } = await connect({ world: () => ({ clock: hurrying(), clusters }) });
  const { text } = await call("kubectl_scale", { ...target, replicas: 7 });
  expect(text).toContain("These credentials may not patch deployments.apps in namespace");
  expect(text).toContain("resources: [deployments], verbs: [patch]");
});
