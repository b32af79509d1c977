import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { connect } from "../../support/connect.ts";
import { seedIncident } from "../backends/kubernetes/incident.ts";
import { BEHAVES } from "../backends/kubernetes/stages.ts";
import { cluster, liveClusters } from "./cluster.ts";

const namespace = "reads";
const name = "customer-etl";
const where = ["--namespace", namespace];
const secret = "hunter2-hunter2";

interface Definition {
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly kind: string;
  readonly short: readonly string[];
}

/** A kind that keeps whatever it is given. */
function definition({ group, version, plural, kind, short }: Definition) {
  const schema = {
    openAPIV3Schema: { type: "object", "x-kubernetes-preserve-unknown-fields": true },
  };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: {
      name: `${plural}.${group}`,
      annotations: { "api-approved.kubernetes.io": "unapproved, for tests" },
    },
    spec: {
      group,
      scope: "Namespaced",
      names: { plural, singular: kind.toLowerCase(), kind, shortNames: short },
      versions: [
        { name: version, served: true, storage: true, schema, subresources: { status: {} } },
      ],
    },
  };
}

const database = {
  group: "db.example.com",
  version: "v1alpha1",
  plural: "databases",
  kind: "Database",
  short: ["dbs"],
};
/** Another group's Secrets, and the metrics of pods as an extension serves them. */
const vault = {
  ...database,
  group: "vault.example.com",
  plural: "secrets",
  kind: "Secret",
  short: [],
};
const metrics = {
  group: "metrics.k8s.io",
  version: "v1beta1",
  plural: "pods",
  kind: "PodMetrics",
  short: [],
};

async function create(object: object) {
  await cluster().kubectl(["create", "-f", "-", ...where], JSON.stringify(object));
}

async function server() {
  const clusters = await liveClusters(4);
  return connect({ world: (world) => ({ ...world, clock: { ...world.clock, now }, clusters }) });
}

const now = () => new Date();

async function firstPod(): Promise<string> {
  const path = "jsonpath={.items[0].metadata.name}";
  const selector = `app.kubernetes.io/name=${name}`;
  return cluster().kubectl(["get", "pods", "-l", selector, "-o", path, ...where]);
}

beforeAll(async () => {
  const { kubectl } = cluster();
  await seedIncident(cluster(), { namespace, name, major: 4 }, 1);
  for (const each of [database, vault, metrics]) {
    await create(definition(each));
    await kubectl(["wait", "--for=condition=Established", `crd/${each.plural}.${each.group}`]);
  }
  const apiVersion = "db.example.com/v1alpha1";
  const spec = { replicas: 3, engine: "postgres" };
  await create({ apiVersion, kind: "Database", metadata: { name: "orders" }, spec });
  const status = { conditions: [{ type: "Ready", status: "False", reason: "NoLeader" }] };
  const patch = ["--subresource=status", "--type=merge", "--patch", JSON.stringify({ status })];
  await kubectl(["patch", "databases.db.example.com", "orders", ...patch, ...where]);
  const data = { token: Buffer.from(secret).toString("base64") };
  await create({
    apiVersion: "vault.example.com/v1alpha1",
    kind: "Secret",
    metadata: { name: "hidden" },
    data,
  });
  const loop = JSON.stringify({ metadata: { annotations: { [BEHAVES]: "oom" } } });
  await create({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "leaky", ...JSON.parse(loop).metadata },
    spec: {
      containers: [
        {
          name: "app",
          image: "registry.example.com/leaky:1",
          env: [{ name: "LOGIN", value: secret }],
          resources: { requests: { memory: "64Mi" }, limits: { memory: "128Mi" } },
          livenessProbe: { httpGet: { path: "/live", port: 8080 } },
        },
      ],
    },
  });
});

afterAll(async () => {
  const names = [database, vault, metrics].map(({ plural, group }) => `${plural}.${group}`);
  await cluster().kubectl(["delete", "crd", ...names]);
});

it("lists custom resources by any of their names, and describes one", async () => {
  const { call } = await server();
  for (const resource_type of [
    "databases",
    "dbs",
    "Database",
    "databases.v1alpha1.db.example.com",
  ]) {
    const { text } = await call("kubectl_get", { resource_type, namespace });
    expect(text).toContain("1 database in namespace reads: 1 Not ready.");
  }
  const one = { resource_type: "database", name: "orders", namespace };
  const { text } = await call("kubectl_describe", one);
  expect(text).toContain("spec.engine: postgres");
  expect(text).toContain("conditions: Ready=False");
  const full = await call("kubectl_get", { ...one, output: "full" });
  expect(full.text).toContain("kind: Database");
  expect(full.text).not.toContain("managedFields");
});

it("shows no Secret's values, whatever the group", async () => {
  const { call } = await server();
  const args = { resource_type: "secrets.vault.example.com", namespace };
  const list = await call("kubectl_get", { ...args, fields: ["data.token", "data"] });
  const full = await call("kubectl_get", { ...args, name: "hidden", output: "full" });
  const own = await call("kubectl_get", {
    resource_type: "secrets",
    namespace,
    name: `${name}-db`,
    output: "full",
  });
  const pod = await call("kubectl_get", {
    resource_type: "pods",
    namespace,
    name: "leaky",
    output: "full",
  });
  expect(full.text).toContain('token: "[redacted]"');
  expect(own.text).toMatch(/data:\n {2}\w+: ("\[redacted\]"|\(hidden\))/);
  expect(pod.text).toContain("name: LOGIN");
  for (const { text, value, failed } of [list, full, own, pod]) {
    expect(failed, text).toBe(false);
    expect(text + JSON.stringify(value)).not.toContain(secret);
    expect(text).not.toContain(Buffer.from(secret).toString("base64"));
  }
});

it("names what is served when it does not know a kind", async () => {
  const { call } = await server();
  const { text } = await call("kubectl_get", { resource_type: "databaze", namespace });
  expect(text).toContain("Did you mean database?");
  expect(text).toContain("databases.db.example.com");
});

it("reads page by page, and refuses to go on from a place that is none", async () => {
  const { call } = await server();
  const fields = ["status.phase", "spec.containers[*].image"];
  const { text } = await call("kubectl_get", { resource_type: "pods", namespace, fields });
  expect(text).toMatch(/\| name \| status\.phase \| spec\.containers\[\*\]\.image \|/);
  const { text: stale } = await call("kubectl_get", {
    resource_type: "pods",
    namespace,
    continue: "nonsense",
  });
  expect(stale).toMatch(/^invalid_input: /);
});

it("describes a pod that is killed for memory, with its events", async () => {
  const { call } = await server();
  const args = { resource_type: "pod", name: "leaky", namespace };
  await vi.waitFor(
    async () => {
      const { text } = await call("kubectl_describe", args);
      expect(text).toContain("exit 137 OOMKilled");
      expect(text).toContain("killed by the kernel for memory");
      expect(text).toContain("liveness GET /live on port 8080");
    },
    { timeout: 30_000, interval: 500 },
  );
  const events = await call("kubectl_events", { namespace, name: "leaky" });
  expect(events.text).toContain("| Pod/leaky |");
});

it("describes a deployment with what is above and below it", async () => {
  const { call } = await server();
  const { text } = await call("kubectl_describe", { resource_type: "deploy", name, namespace });
  expect(text).toContain(`works for: Helm release ${name}`);
  expect(text).toMatch(/below: 1 replicaset: 1 Ready\. customer-etl-/);
  expect(text).toMatch(/below: \d pods: \d Running\. customer-etl-/);
  expect(text).toContain("Normal | ScalingReplicaSet | Deployment/customer-etl");
});

it("shows use against limits from the metrics API, and says when nodes are not measured", async () => {
  const { call } = await server();
  const pod = await firstPod();
  const usage = { cpu: "125m", memory: "300Mi" };
  const apiVersion = "metrics.k8s.io/v1beta1";
  const containers = [{ name: "app", usage }];
  await create({ apiVersion, kind: "PodMetrics", metadata: { name: pod }, containers });
  const { text } = await call("kubectl_top", { what: "pods", namespace });
  expect(text).toContain(`| ${pod} | 125m |`);
  const described = await call("kubectl_describe", { resource_type: "pod", name: pod, namespace });
  expect(described.text).toContain("memory 300Mi used");
  const nodes = await call("kubectl_top", { what: "nodes" });
  expect(nodes.text).toContain("No measurements of nodes.");
});
