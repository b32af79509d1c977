import type { ClusterPorts, World } from "#ports/index.ts";

/** The world with its cluster's ports changed, as a fault or another system would. */
export function withCluster(change: (ports: ClusterPorts) => Partial<ClusterPorts>) {
  return (world: World): World => {
    const { clusters } = world;
    if (!clusters) throw new Error("the world has no cluster");
    return {
      ...world,
      clusters: {
        ...clusters,
        async open(name) {
          const { workloads, releases } = await clusters.open(name);
          if (!workloads || !releases) throw new Error("the cluster lacks ports");
          return { workloads, releases, ...change({ workloads, releases }) };
        },
      },
    };
  };
}
