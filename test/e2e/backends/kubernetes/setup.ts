import type { TestProject } from "vitest/node";
import { startKubernetes } from "./start.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** For `attachCluster`. */
    kubernetesFolder: string;
  }
}

/** One control plane for the whole run; tests take namespaces of their own. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const cluster = await startKubernetes();
  project.provide("kubernetesFolder", cluster.folder);
  return () => cluster.stop();
}
