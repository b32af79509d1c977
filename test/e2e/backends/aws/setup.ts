import type { TestProject } from "vitest/node";
import { startAws } from "./start.ts";

declare module "vitest" {
  interface ProvidedContext {
    awsEndpoint: string;
  }
}

/** One endpoint for the whole run; tests take regions of their own. */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const aws = await startAws();
  project.provide("awsEndpoint", aws.endpoint);
  return () => aws.stop();
}
