import type { ApiHealth } from "#domain/kubernetes/api-health.ts";
import type { Counted, PodCounts } from "./pod-tally.ts";

/**
 * Where to look first, by what the abnormal pods have in common: one workload; else one node; else one zone; else
 * all namespaces, which speaks for the control plane; else what lies between them, the network above all.
 */
export const places = ["none", "workload", "node", "zone", "control_plane", "network"] as const;
export type Place = (typeof places)[number];

export interface Where {
  readonly place: Place;
  /** Of the workload, node or zone. */
  readonly name?: string;
}

/** So much of all abnormal pods counts as all: a little noise is always there. */
const NEARLY_ALL = 0.8;
/** So few workloads can be sick each for itself. */
const SEPARATE = 2;
/** Fewer lie together by chance. */
const FEW = 3;

export interface Surroundings {
  readonly api: ApiHealth | undefined;
  /** Zone of each node that has one. */
  readonly zones: ReadonlyMap<string, string>;
  /** Nodes that are not ready or under pressure. */
  readonly sickNodes: ReadonlySet<string>;
}

export function whereToLook(counts: PodCounts, around: Surroundings): Where {
  if (around.api && !around.api.ready) return { place: "control_plane" };
  const [first] = counts.groups;
  if (first === undefined) return nodesAlone(around);
  const owners = new Set(
    counts.groups.map(({ namespace, owner }) => `${owner.kind} ${namespace}/${owner.name}`),
  );
  const [owner = ""] = owners;
  const node = nodeOf(counts, around);
  if (node) return node;
  if (owners.size <= SEPARATE) return { place: "workload", name: owner };
  const zone = zoneOf(counts, around);
  return zone ?? { place: isEverywhere(counts) ? "control_plane" : "network" };
}

function nodesAlone({ sickNodes }: Surroundings): Where {
  const [name] = sickNodes;
  return name === undefined ? { place: "none" } : { place: "node", name };
}

/** A node that is sick itself, or that several workloads have in common. */
function nodeOf({ abnormal, byNode, groups }: PodCounts, around: Surroundings): Where | undefined {
  const [top] = byNode;
  if (top === undefined || top.pods < abnormal * NEARLY_ALL) return undefined;
  const shared = groups.length > 1 && top.pods >= FEW && around.zones.size !== 1;
  return around.sickNodes.has(top.name) || shared ? { place: "node", name: top.name } : undefined;
}

function zoneOf({ abnormal, byNode }: PodCounts, { zones }: Surroundings): Where | undefined {
  if (new Set(zones.values()).size < 2 || abnormal < FEW || byNode.length < 2) return undefined;
  const [top] = countsByZone(byNode, zones);
  const common = top !== undefined && top.pods >= abnormal * NEARLY_ALL;
  return common ? { place: "zone", name: top.name } : undefined;
}

export function countsByZone(
  byNode: readonly Counted[],
  zones: ReadonlyMap<string, string>,
): readonly Counted[] {
  const counts = new Map<string, number>();
  for (const { name, pods } of byNode) {
    const zone = zones.get(name);
    if (zone !== undefined) counts.set(zone, (counts.get(zone) ?? 0) + pods);
  }
  return [...counts].map(([name, pods]) => ({ name, pods })).sort((a, b) => b.pods - a.pods);
}

function isEverywhere({ byNamespace, namespaces }: PodCounts): boolean {
  return namespaces >= FEW && byNamespace.length >= namespaces * NEARLY_ALL;
}
