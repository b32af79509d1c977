import type { Controller } from "#domain/kubernetes/evict.ts";
import type { KubeObject } from "#domain/kubernetes/object.ts";
import { type Pod, readPod } from "#domain/kubernetes/pod.ts";
import { isOwnedBy } from "#domain/kubernetes/workload.ts";
import { OpsError } from "#errors.ts";
import type { Workloads } from "#ports/workloads.ts";
import { pages } from "./pages.ts";

/** Pods of the same controller. */
export async function podsOfController(
  namespace: string,
  { uid }: Pick<Controller, "uid">,
  workloads: Workloads,
  signal: AbortSignal,
): Promise<readonly Pod[]> {
  const found: Pod[] = [];
  for await (const page of pages({ kind: "pods", namespace }, workloads, signal)) {
    found.push(...page.filter((pod) => isOwnedBy(pod, uid)).map(readPod));
  }
  return found;
}

/** Disruption budgets, of one namespace or all; none while these credentials may not see them. */
export async function budgetsIn(
  namespace: string | undefined,
  workloads: Workloads,
  signal: AbortSignal,
): Promise<readonly KubeObject[]> {
  const found: KubeObject[] = [];
  const query = {
    kind: "poddisruptionbudgets",
    ...(namespace === undefined ? {} : { namespace }),
  } as const;
  try {
    for await (const page of pages(query, workloads, signal)) found.push(...page);
  } catch (error) {
    if (!(error instanceof OpsError) || error.code !== "access_denied") throw error;
  }
  return found;
}
