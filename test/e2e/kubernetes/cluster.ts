import { inject } from "vitest";
import { openClusters } from "#adapters/live-clusters.ts";
import type { ClusterPorts } from "#ports/index.ts";
import { attachCluster, CONTEXT } from "../backends/kubernetes/cluster.ts";
import type { HelmMajor } from "../backends/kubernetes/tools.ts";

/** The cluster of this run. */
export const cluster = () => attachCluster(inject("kubernetesFolder"));

/** The clusters that the server finds: this one. */
export async function liveClusters(major: HelmMajor, kubeconfig?: string) {
  const env = await cluster().environment(major, kubeconfig);
  const clusters = await openClusters({ contexts: [], env });
  if (!clusters) throw new Error("no cluster was found");
  return clusters;
}

/** The live ports, as the server opens them. */
export async function livePorts(major: HelmMajor, kubeconfig?: string): Promise<ClusterPorts> {
  const clusters = await liveClusters(major, kubeconfig);
  const { workloads, releases } = await clusters.open(CONTEXT);
  if (!workloads || !releases) throw new Error("the cluster offers no workloads or no releases");
  return { workloads, releases };
}
