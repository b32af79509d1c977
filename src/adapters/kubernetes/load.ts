import type { KubeConfig } from "@kubernetes/client-node";
import type { KubeSource } from "./kubeconfig.ts";

/** Reads the source again with the vendor's client, pinned to one context. */
export async function loadConfig(source: KubeSource, context: string): Promise<KubeConfig> {
  const { KubeConfig } = await import("@kubernetes/client-node");
  const config = new KubeConfig();
  if (source.kind === "in-cluster") {
    config.loadFromCluster();
  } else if (source.kind === "files") {
    for (const file of source.files) {
      const part = new KubeConfig();
      part.loadFromFile(file);
      addMissing(config, part);
    }
    config.setCurrentContext(context);
  }
  return config;
}

/** Of entries with one name the first counts, as for kubectl. */
function addMissing(config: KubeConfig, part: KubeConfig): void {
  for (const cluster of part.clusters) {
    if (!config.getCluster(cluster.name)) config.addCluster(cluster);
  }
  for (const user of part.users) if (!config.getUser(user.name)) config.addUser(user);
  for (const context of part.contexts) {
    if (!config.getContextObject(context.name)) config.addContext(context);
  }
}
