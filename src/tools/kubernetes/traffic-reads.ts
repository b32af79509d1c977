import type { KubeObject } from "#domain/kubernetes/object.ts";
import { hasCondition, readPod } from "#domain/kubernetes/pod.ts";
import { selectorText } from "#domain/kubernetes/selector.ts";
import { readyEndpoints } from "#domain/kubernetes/traffic-split.ts";
import { OpsError } from "#errors.ts";
import type { Workloads } from "#ports/workloads.ts";
import { pages } from "./pages.ts";

/** Uids of the ready pods that a Service with this selector sends traffic to. */
export async function readyPods(
  namespace: string,
  selector: Readonly<Record<string, string>>,
  workloads: Workloads,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const labelSelector = selectorText({ matchLabels: { ...selector }, matchExpressions: [] });
  const found: string[] = [];
  for await (const page of pages({ kind: "pods", namespace, labelSelector }, workloads, signal)) {
    const ready = page
      .map(readPod)
      .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
      .filter((pod) => hasCondition(pod, "Ready"));
    found.push(...ready.map(({ metadata }) => metadata.uid));
  }
  return found;
}

/** Uids of the pods that a Service sends traffic to now. */
export async function endpointsOf(
  namespace: string,
  service: string,
  workloads: Workloads,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const labelSelector = `kubernetes.io/service-name=${service}`;
  const query = { kind: "endpointslices", namespace, labelSelector, limit: 500 } as const;
  return readyEndpoints((await workloads.list(query, signal)).items);
}

/** How many ready endpoints each Service has. Throws when one has none: it would answer nothing. */
export async function requireEndpoints(
  namespace: string,
  services: readonly string[],
  workloads: Workloads,
  signal: AbortSignal,
): Promise<readonly string[]> {
  return Promise.all(
    services.map(async (service) => {
      const { length } = await endpointsOf(namespace, service, workloads, signal);
      if (length === 0) throw nothingBehind(`service/${service}`);
      return `service/${service} (${length} ready)`;
    }),
  );
}

export function nothingBehind(what: string): OpsError {
  return new OpsError(
    "refused",
    `No ready pod is behind ${what}: the traffic would get no answer.`,
    "Bring its pods up first (kubectl_get pods, diagnose_workload), then shift.",
  );
}

/** The Ingresses of a namespace. */
export async function ingressesIn(
  namespace: string,
  workloads: Workloads,
  signal: AbortSignal,
): Promise<readonly KubeObject[]> {
  const found: KubeObject[] = [];
  for await (const page of pages({ kind: "ingresses", namespace }, workloads, signal)) {
    found.push(...page);
  }
  return found;
}
