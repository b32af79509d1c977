import { afterAll, beforeAll, expect, it, vi } from "vitest";
import * as z from "zod";
import { connect } from "../../support/connect.ts";
import { seedIncident } from "../backends/kubernetes/incident.ts";
import { cluster, liveClusters } from "./cluster.ts";

const namespace = "recent-changes";
const name = "customer-etl";
const other = "steady";
const node = "recent-changes-node";
const where = ["--namespace", namespace];

const answerSchema = z.object({
  changes: z.array(
    z.object({
      kind: z.string(),
      object: z.string(),
      who: z.string(),
      summary: z.string(),
      details: z.array(z.string()),
    }),
  ),
  unread: z.array(z.string()),
});

const policy = {
  apiVersion: "networking.k8s.io/v1",
  kind: "NetworkPolicy",
  metadata: { name: "deny-all" },
  spec: { podSelector: {}, policyTypes: ["Ingress"] },
};

async function rolledOut(deployment = name) {
  const status = ["rollout", "status", `deployment/${deployment}`, "--timeout=60s"];
  await cluster().kubectl([...status, ...where]);
}

/** The API keeps times to the second: what comes next has one of its own. */
async function nextSecond() {
  const second = () => Math.floor(Date.now() / 1_000);
  const last = second();
  await vi.waitFor(() => expect(second()).toBeGreaterThan(last + 1), { timeout: 5_000 });
}

beforeAll(async () => {
  const { kubectl } = cluster();
  await seedIncident(cluster(), { namespace, name, major: 4 }, 3);
  // As a person would do it, whose editor changes one line.
  vi.stubEnv("KUBE_EDITOR", "sed -i s/batch_size:.*/batch_size:\\ '\"7\"'/");
  await kubectl(["edit", "configmap", `${name}-config`, ...where]);
  const value = Buffer.from("vLqz81xx").toString("base64");
  const secret = JSON.stringify({ data: { added: value } });
  await kubectl(["patch", "secret", `${name}-db`, "--patch", secret, ...where]);
  await kubectl(["create", "-f", "-", ...where], JSON.stringify(policy));
  await kubectl(["create", "quota", "small", "--hard=pods=50", ...where]);
  await kubectl(["set", "image", `deployment/${name}`, `*=registry.example.com/other:1`, ...where]);
  await rolledOut();
  await kubectl(["rollout", "undo", `deployment/${name}`, ...where]);
  await rolledOut();
  await kubectl(["create", "deployment", other, "--image=web:1", "--replicas=2", ...where]);
  await rolledOut(other);
  await nextSecond();
  await kubectl(["scale", `deployment/${other}`, "--replicas=3", ...where]);
  await rolledOut(other);
  // Of objects that come without a field that somebody could own, the API server remembers no managers.
  const joining = {
    apiVersion: "v1",
    kind: "Node",
    metadata: { name: node, labels: { pool: "new" } },
  };
  await kubectl(["create", "-f", "-"], JSON.stringify(joining));
  await kubectl(["cordon", node]);
});

afterAll(async () => {
  vi.unstubAllEnvs();
  await cluster().kubectl(["delete", "node", node]);
});

async function call(tool: string, args: Record<string, unknown>) {
  const clusters = await liveClusters(4);
  const clock = { now: () => new Date(), sleep: () => Promise.resolve() };
  const server = await connect({ world: () => ({ clock, clusters }) });
  return server.call(tool, { namespace, ...args });
}

async function ask(args: Record<string, unknown>) {
  const { text, value } = await call("list_recent_changes", args);
  return { text, ...answerSchema.parse(value) };
}

it("finds each change, with who made it", async () => {
  const { changes, unread, text } = await ask({ limit: 50 });
  expect(unread).toEqual([]);
  expect(text).not.toContain("vLqz81");
  const found = (object: string) => changes.filter((change) => change.object === object);
  const one = (who: string, summary: string) => [expect.objectContaining({ who, summary })];
  expect(found(`ConfigMap/${name}-config`)).toEqual(one("kubectl-edit", "Edited, key batch_size."));
  expect(found(`Secret/${name}-db`)).toEqual(one("kubectl-patch", "Edited, key added."));
  expect(found("NetworkPolicy/deny-all")).toEqual(one("kubectl-create", "Created."));
  expect(found("ResourceQuota/small")).toEqual(one("kubectl-create", "Created."));
  expect(found(`Node/${node}`)).toEqual(
    expect.arrayContaining(one("kubectl", "Cordoned: no new pods. A drain begins so.")),
  );
});

it("tells a scaling, of which the object itself keeps no time", async () => {
  const { changes } = await ask({ workload: other });
  const own = changes.filter(({ object }) => object === `Deployment/${other}`);
  expect(own).toMatchObject([
    { kind: "scale", who: "kubectl", summary: "Scaled from 2 to 3." },
    { kind: "rollout", who: "kubectl-create", summary: "Created, as revision 1." },
  ]);
});

it("tells rollouts with their diff, and a way back", async () => {
  const { changes, text } = await ask({ workload: name, limit: 50 });
  expect(text).not.toContain(other);
  const rollouts = changes.filter(({ object }) => object === `Deployment/${name}`);
  expect(rollouts).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        who: "kubectl",
        summary: "Rolled back: revision 5, with the template of 3.",
        details: [expect.stringMatching(/app\].image: registry.example.com\/other:1 → .*:v2.2.0$/)],
      }),
      expect.objectContaining({
        summary: "Rolled out revision 4.",
        details: [expect.stringMatching(/image: .*:v2.2.0 → registry.example.com\/other:1$/)],
      }),
    ]),
  );
});

it("puts what Helm changed under its revision", async () => {
  const { changes } = await ask({ workload: name });
  const releases = changes.filter(({ object }) => object === `Release/${name}`);
  expect(releases.map(({ summary }) => summary)).toEqual([
    "Revision 3 (deployed).",
    "Revision 2 (superseded).",
    "Revision 1 (superseded).",
  ]);
  expect(releases[0]).toMatchObject({ who: "Helm" });
  expect(releases[0]?.details[0]).toBe(`Deployment/${name}: Rolled out revision 3.`);
});

it.each(["StatefulSet", "DaemonSet"])("reads the revisions of a %s", async (kind) => {
  const own = `ordered-${kind.toLowerCase()}`;
  const resource_type = kind.toLowerCase();
  const labels = { app: own };
  const containers = [{ name: "app", image: "web:1" }];
  const template = { metadata: { labels }, spec: { containers } };
  const spec = { selector: { matchLabels: labels }, template };
  const object = { apiVersion: "apps/v1", kind, metadata: { name: own }, spec };
  await cluster().kubectl(["create", "-f", "-", ...where], JSON.stringify(object));
  await nextSecond();
  await cluster().kubectl(["set", "image", `${resource_type}/${own}`, "app=web:2", ...where]);
  const diff = "spec.containers[app].image: web:1 → web:2";
  await vi.waitFor(async () => {
    const { value } = await call("kubectl_rollout_history", { resource_type, name: own });
    expect(value.revisions).toMatchObject([
      { revision: 2, current: true, diff: [diff] },
      { revision: 1, current: false, diff: [] },
    ]);
  }, 20_000);
  const { changes } = await ask({ workload: own });
  expect(changes.filter((change) => change.object === `${kind}/${own}`)).toMatchObject([
    { who: "kubectl-set", summary: "Rolled out revision 2.", details: [diff] },
    { who: "kubectl-create", summary: "Created, as revision 1." },
  ]);
});
