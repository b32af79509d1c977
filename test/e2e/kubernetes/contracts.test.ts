import { changesContract } from "../../ports/changes.contract.ts";
import { interventionsContract } from "../../ports/interventions.contract.ts";
import { releasesContract } from "../../ports/releases.contract.ts";
import { servedKindsContract } from "../../ports/served-kinds.contract.ts";
import { workloadsContract } from "../../ports/workloads.contract.ts";
import { seedIncident } from "../backends/kubernetes/incident.ts";
import { cluster, livePorts } from "./cluster.ts";

const name = "customer-etl";

workloadsContract("Kubernetes", async () => {
  const namespace = "contract-workloads";
  await seedIncident(cluster(), { namespace, name, major: 4 }, 1);
  const { workloads } = await livePorts(4);
  return {
    workloads,
    now: new Date(),
    namespace,
    deployment: name,
    configMap: `${name}-config`,
    secret: `${name}-db`,
  };
});

changesContract("Kubernetes", async () => {
  const namespace = "contract-changes";
  await seedIncident(cluster(), { namespace, name, major: 4 }, 1);
  const scale = ["autoscale", "deployment", name, "--min=2", "--max=5", "--cpu=80%"];
  await cluster().kubectl([...scale, "--namespace", namespace]);
  const { workloads } = await livePorts(4);
  return { workloads, namespace, deployment: name, autoscaler: name };
});

interventionsContract("Kubernetes", async () => {
  const namespace = "contract-interventions";
  await seedIncident(cluster(), { namespace, name, major: 4 }, 1);
  const where = ["--namespace", namespace];
  const image = "--image=registry.example.com/app:v1";
  const budget = ["create", "pdb", "guarded", "--selector=app=guarded", "--min-available=1"];
  await cluster().kubectl(["create", "deployment", "guarded", image, ...where]);
  await cluster().kubectl(["rollout", "status", "deployment/guarded", ...where]);
  await cluster().kubectl([...budget, ...where]);
  const healthy = "--for=jsonpath={.status.currentHealthy}=1";
  await cluster().kubectl(["wait", healthy, "pdb/guarded", "--timeout=30s", ...where]);
  const { workloads } = await livePorts(4);
  return {
    workloads,
    namespace,
    node: "node-1",
    deployment: name,
    guarded: "guarded",
    service: name,
  };
});

servedKindsContract("Kubernetes", async () => {
  const namespace = "contract-served-kinds";
  await seedIncident(cluster(), { namespace, name, major: 4 }, 1);
  const { workloads } = await livePorts(4);
  return { workloads, namespace, configMap: `${name}-config`, secret: `${name}-db` };
});

for (const major of [3, 4] as const) {
  releasesContract(`Helm ${major}`, async () => {
    const release = { namespace: `contract-helm-${major}`, name };
    await seedIncident(cluster(), { ...release, major });
    const { releases } = await livePorts(major);
    return { releases, release, earlier: 6 };
  });
}
