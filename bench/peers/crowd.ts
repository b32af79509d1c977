import { setTimeout as delay } from "node:timers/promises";
import type { Cluster } from "../../test/e2e/backends/kubernetes/cluster.ts";
import { BEHAVES } from "../../test/e2e/backends/kubernetes/stages.ts";

/** Namespaces of healthy pods, and pods in each: 4,900 beside the shop's. */
const NAMESPACES = 49;
const PODS = 100;
const SHOP = "shop";
const HEALTHY = ["cart", "catalogue", "payments", "search", "accounts", "storefront"];

/** What the questions are about. */
export const SICK = { namespace: SHOP, workload: "checkout" } as const;

/** A cluster of about 5,000 pods in which one workload runs out of memory and one cannot pull its image. */
export async function crowd(cluster: Cluster): Promise<number> {
  const crowds = Array.from(
    { length: NAMESPACES },
    (_, i) => `team-${String(i + 1).padStart(2, "0")}`,
  );
  await apply(cluster, [SHOP, ...crowds].map(namespace));
  const healthy = HEALTHY.map((name) => deployment(SHOP, name, 4));
  await apply(cluster, [...healthy, ...crowds.map((name) => deployment(name, "worker", PODS))]);
  await until(cluster, NAMESPACES * PODS + HEALTHY.length * 4);
  await apply(cluster, [
    deployment(SHOP, SICK.workload, 3, { annotations: { [BEHAVES]: "oom" } }),
    deployment(SHOP, "mailer", 2, { image: "registry.example.com/shop/mailer-does-not-exist:v9" }),
  ]);
  await delay(30_000);
  return (await running(cluster)) + 5;
}

function apply(cluster: Cluster, items: readonly object[]): Promise<string> {
  const list = { apiVersion: "v1", kind: "List", items };
  return cluster.kubectl(["apply", "--server-side", "-f", "-"], JSON.stringify(list));
}

async function until(cluster: Cluster, pods: number): Promise<void> {
  while ((await running(cluster)) < pods) await delay(2_000);
}

async function running(cluster: Cluster): Promise<number> {
  const query = ["get", "pods", "-A", "--field-selector=status.phase=Running", "-o", "name"];
  return (await cluster.kubectl(query)).split("\n").length;
}

function namespace(name: string) {
  return { apiVersion: "v1", kind: "Namespace", metadata: { name } };
}

interface Template {
  readonly annotations?: Readonly<Record<string, string>>;
  readonly image?: string;
}

/** Each container carries a password in its environment, as many do. */
function deployment(where: string, name: string, replicas: number, template: Template = {}) {
  const { annotations = {}, image = `registry.example.com/${where}/${name}:v1` } = template;
  const labels = { app: name };
  const container = {
    name,
    image,
    env: [{ name: "DB_PASSWORD", value: "correct-horse-battery-staple" }],
    resources: { requests: { cpu: "2m", memory: "8Mi" }, limits: { memory: "64Mi" } },
  };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name, namespace: where, labels },
    spec: {
      replicas,
      selector: { matchLabels: labels },
      template: { metadata: { labels, annotations }, spec: { containers: [container] } },
    },
  };
}
