import {
  type Front,
  frontText,
  servicesInFront,
  type TrafficObjects,
} from "#domain/kubernetes/blast-radius.ts";
import type { KubeObject, ResourceKind } from "#domain/kubernetes/object.ts";
import { readPod } from "#domain/kubernetes/pod.ts";
import type { PodResources } from "#domain/kubernetes/pod-resources.ts";
import { type Growth, quotaWarnings } from "#domain/kubernetes/quota.ts";
import type { RolloutFacts } from "#domain/kubernetes/rollout.ts";
import { emptyRoom, occupy, roomWarnings } from "#domain/kubernetes/room.ts";
import type { Workload } from "#domain/kubernetes/workload.ts";
import { OpsError } from "#errors.ts";
import type { Workloads } from "#ports/workloads.ts";
import { pages } from "./pages.ts";

/** Most objects of one kind that are read around a workload. */
const MOST = 500;
/** Most Services whose pods are counted. */
const MOST_SERVICES = 5;

/** Objects of one kind, or word that these credentials may not see them. */
export interface Sight {
  readonly items: readonly KubeObject[];
  readonly unseen: readonly ResourceKind[];
}

export async function sight(
  kind: ResourceKind,
  namespace: string | undefined,
  workloads: Workloads,
  signal: AbortSignal,
): Promise<Sight> {
  try {
    const scope = namespace === undefined ? {} : { namespace };
    const { items } = await workloads.list({ kind, ...scope, limit: MOST }, signal);
    return { items, unseen: [] };
  } catch (error) {
    if (!(error instanceof OpsError) || error.code !== "access_denied") throw error;
    return { items: [], unseen: [kind] };
  }
}

/** The Services and routes in front of the workload, and its share of their traffic, in one sentence. */
export async function inFront(
  workload: Workload,
  facts: RolloutFacts,
  workloads: Workloads,
  signal: AbortSignal,
): Promise<string> {
  const around = await trafficObjects(workload.namespace, workloads, signal);
  const selecting = servicesInFront(workload, around.services);
  const fronts = await Promise.all(
    selecting.slice(0, MOST_SERVICES).map(async ({ name, labelSelector }): Promise<Front> => {
      const query = {
        kind: "pods",
        namespace: workload.namespace,
        labelSelector,
        limit: MOST,
      } as const;
      const { items } = await workloads.list(query, signal);
      return { name, pods: items.map(readPod) };
    }),
  );
  return frontText(workload, facts, fronts, around);
}

async function trafficObjects(
  namespace: string,
  workloads: Workloads,
  signal: AbortSignal,
): Promise<TrafficObjects> {
  const [services, ingresses, httproutes] = await Promise.all([
    sight("services", namespace, workloads, signal),
    sight("ingresses", namespace, workloads, signal),
    sight("httproutes", namespace, workloads, signal),
  ]);
  return {
    services: services.items,
    ingresses: ingresses.items,
    httproutes: httproutes.items,
    unseen: [services, ingresses, httproutes].flatMap(({ unseen }) => unseen),
  };
}

/** New pods, and what each of them asks for. */
export interface Demand {
  readonly namespace: string;
  readonly pod: PodResources;
  /** Pods that the nodes have to find room for. */
  readonly pods: number;
  /** By how much the namespace's use may grow: what other pods take is in use already. */
  readonly growth: Growth;
  /** Uids of pods that make room for them. */
  readonly leaving: ReadonlySet<string>;
}

/** Quotas and nodes that cannot carry the demand. Says nothing of what cannot be seen but that. */
export async function capacityWarnings(
  demand: Demand,
  workloads: Workloads,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const quotas = await sight("resourcequotas", demand.namespace, workloads, signal);
  const nodes = await sight("nodes", undefined, workloads, signal);
  const seen = [...quotas.unseen, ...nodes.unseen];
  return [
    ...quotaWarnings(quotas.items, demand.growth),
    ...(await nodeWarnings(demand, nodes.items, workloads, signal)),
    ...(seen.length > 0
      ? [
          `Whether there is room was not checked: these credentials may not see ${seen.join(" and ")}.`,
        ]
      : []),
  ];
}

/** Pods are read page by page, and no more of them is kept than what they hold. */
async function nodeWarnings(
  { pod, pods, leaving }: Demand,
  nodes: readonly KubeObject[],
  workloads: Workloads,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const room = emptyRoom(nodes);
  if (room.size === 0) return [];
  try {
    for await (const page of pages({ kind: "pods" }, workloads, signal)) {
      occupy(room, page.filter(({ metadata }) => !leaving.has(metadata.uid)).map(readPod));
    }
  } catch (error) {
    if (!(error instanceof OpsError) || error.code !== "access_denied") throw error;
    return [
      "Room on the nodes was not checked: these credentials may not see pods of all namespaces.",
    ];
  }
  return roomWarnings(room, pod, pods);
}
