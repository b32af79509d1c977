import { openCertificates } from "#domain/diagnosis/cluster/certificates.ts";
import { type PodCounts, podTally } from "#domain/diagnosis/cluster/pod-tally.ts";
import { openRollouts, type Rollout } from "#domain/diagnosis/cluster/rollouts.ts";
import { allowsNothing } from "#domain/diagnosis/objects/budgets.ts";
import type { ApiHealth } from "#domain/kubernetes/api-health.ts";
import { type Budget, readBudget } from "#domain/kubernetes/budget.ts";
import { readEvent } from "#domain/kubernetes/events.ts";
import { type Node, readNode } from "#domain/kubernetes/node.ts";
import type { KubeObject } from "#domain/kubernetes/object.ts";
import { type OwnedEvent, openEvents } from "#domain/kubernetes/owned-events.ts";
import { MINUTE } from "#domain/window.ts";
import { OpsError } from "#errors.ts";
import type { Ports } from "#ports/index.ts";
import type { ObjectQuery, Workloads } from "#ports/workloads.ts";
import { pages } from "./pages.ts";

/** What the first five minutes look at. */
export interface ClusterFacts {
  readonly now: Date;
  readonly api: ApiHealth | undefined;
  readonly nodes: readonly Node[];
  /** By node; nodes without the label are not among them. */
  readonly zones: ReadonlyMap<string, string>;
  readonly pods: PodCounts;
  /** Merged by reason and workload. */
  readonly warnings: readonly OwnedEvent[];
  readonly budgets: readonly Budget[];
  readonly rollouts: { readonly newest: readonly Rollout[]; readonly total: number };
  /** That have ended, or end within a week. */
  readonly certificates: { readonly soonest: readonly string[]; readonly total: number };
  /** What could not be seen. */
  readonly unread: readonly string[];
}

/** Warnings older than this are no news. */
export const WARNING_MINUTES = 30;
const MOST_ROLLOUTS = 3;
const MOST_CERTIFICATES = 2;
const ZONE = "topology.kubernetes.io/zone";

type Take = (objects: readonly KubeObject[]) => void;
type Walk = (query: Omit<ObjectQuery, "limit">, take: Take) => Promise<void>;

/** Reads the cluster, or one namespace and the nodes, page by page: what is kept are counts. */
export async function readCluster(
  namespace: string | undefined,
  { workloads, clock }: Pick<Ports, "workloads" | "clock">,
  signal: AbortSignal,
): Promise<ClusterFacts> {
  const now = clock.now();
  const unread: string[] = [];
  const [pods, warnings, rollouts] = [
    podTally(now),
    openEvents(),
    openRollouts(now, MOST_ROLLOUTS),
  ];
  const certificates = openCertificates(now, MOST_CERTIFICATES);
  const [nodes, budgets]: [KubeObject[], Budget[]] = [[], []];
  const walk = tolerant(workloads, signal, unread);
  const where = namespace === undefined ? {} : { namespace };
  const [api] = await Promise.all([
    passing(workloads.health(signal), "api health", unread),
    walk({ kind: "pods", ...where }, pods.add),
    walk({ kind: "nodes" }, (page) => nodes.push(...page)),
    walk({ kind: "events", ...where, fieldSelector: "type=Warning" }, (page) =>
      warnings.add(page.map(readEvent).filter(({ lastAt }) => isNews(lastAt, now))),
    ),
    walk({ kind: "poddisruptionbudgets", ...where }, (page) =>
      budgets.push(...page.map(readBudget).filter(allowsNothing)),
    ),
    walk({ kind: "replicasets", ...where, metadataOnly: true }, rollouts.add),
    ...certificateQueries(where).map((query) =>
      walk(query, (page) => certificates.add(query.kind, page)),
    ),
  ]);
  return {
    now,
    api,
    nodes: nodes.map(readNode),
    zones: zonesOf(nodes),
    pods: pods.result(),
    warnings: warnings.result(),
    budgets,
    rollouts: rollouts.result(),
    certificates: certificates.result(),
    unread,
  };
}

/** Webhooks stand in the way of every namespace. */
function certificateQueries(where: { readonly namespace?: string }) {
  return [
    { kind: "secrets", ...where, fieldSelector: "type=kubernetes.io/tls" },
    { kind: "validatingwebhookconfigurations" },
    { kind: "mutatingwebhookconfigurations" },
  ] as const;
}

function isNews(at: Date, now: Date): boolean {
  return now.getTime() - at.getTime() <= WARNING_MINUTES * MINUTE;
}

function zonesOf(nodes: readonly KubeObject[]): ReadonlyMap<string, string> {
  return new Map(
    nodes.flatMap(({ metadata: { name, labels } }) => {
      const zone = labels[ZONE];
      return zone === undefined ? [] : [[name, zone] as const];
    }),
  );
}

function tolerant(workloads: Workloads, signal: AbortSignal, unread: string[]): Walk {
  const toEnd: Walk = async (query, take) => {
    for await (const page of pages(query, workloads, signal)) take(page);
  };
  return (query, take) => passing(toEnd(query, take), query.kind, unread);
}

/** Faults of one read that leave the others of use. */
const PASSABLE: ReadonlySet<string> = new Set([
  "access_denied",
  "not_allowed",
  "not_found",
  "backend_error",
  "too_large",
]);

async function passing<T>(
  reading: Promise<T>,
  what: string,
  unread: string[],
): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (!(error instanceof OpsError) || !PASSABLE.has(error.code)) throw error;
    unread.push(what);
    return undefined;
  }
}
