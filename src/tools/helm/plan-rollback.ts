import type { Owner } from "#domain/approvals/action.ts";
import { diffText } from "#domain/helm/diff-text.ts";
import {
  type HandMade,
  handMade,
  type InstalledMap,
  installedMaps,
} from "#domain/helm/hand-made.ts";
import { type ManifestWorkload, manifestWorkloads, parseManifest } from "#domain/helm/manifest.ts";
import type { ReleaseRef } from "#domain/helm/release.ts";
import {
  type RollbackFacts,
  rollbackImpact,
  rollbackSummary,
  rollbackWarnings,
} from "#domain/helm/rollback.ts";
import { gitOpsOwners, replicaOwners } from "#domain/kubernetes/ownership.ts";
import { readWorkload, type Workload, workloadLabel } from "#domain/kubernetes/workload.ts";
import type { Ports } from "#ports/index.ts";
import type { WorkloadRef, Workloads } from "#ports/workloads.ts";
import { autoscalersIn } from "#tools/kubernetes/observe.ts";
import type { Call } from "#tools/tool.ts";
import { type Chosen, chooseTarget } from "./choose-target.ts";
import { judgedHistory } from "./judged-history.ts";

/** What a rollback would do, from fresh reads. */
export interface RollbackPlan {
  readonly chosen: Chosen;
  readonly shows: {
    readonly summary: string;
    readonly diff: string;
    readonly impact: string;
    readonly warnings: readonly string[];
  };
  readonly owners: readonly Owner[];
  /** Workloads of the target revision. */
  readonly workloads: readonly WorkloadRef[];
}

type PlanPorts = Pick<Ports, "releases" | "workloads" | "actions">;

export async function planRollback(
  release: ReleaseRef,
  revision: number,
  ports: PlanPorts,
  call: Call,
): Promise<RollbackPlan> {
  const judged = await judgedHistory(release, ports, call);
  const chosen = await chooseTarget(release.name, judged, revision, (number) =>
    ports.releases.content(release, number, call.signal),
  );
  const facts = await rollbackFacts(release, chosen, ports, call.signal);
  return {
    chosen,
    shows: {
      summary: rollbackSummary(facts, chosen.choice),
      diff: diffText(chosen.diff),
      impact: rollbackImpact(facts),
      warnings: rollbackWarnings(facts),
    },
    owners: distinct(facts.live.flatMap(gitOpsOwners)),
    workloads: facts.after.map(({ kind, namespace, name }) => ({ kind, namespace, name })),
  };
}

async function rollbackFacts(
  { name, namespace }: ReleaseRef,
  { current, target, from, to, diff }: Chosen,
  { workloads }: PlanPorts,
  signal: AbortSignal,
): Promise<RollbackFacts> {
  const [left, right] = [parseManifest(from.manifest), parseManifest(to.manifest)];
  const before = manifestWorkloads(left, namespace);
  const after = manifestWorkloads(right, namespace);
  const [live, autoscalers, changed] = await Promise.all([
    liveWorkloads(after, workloads, signal),
    autoscalersIn(namespace, workloads, signal),
    changedMaps(installedMaps(left, right, namespace), workloads, signal),
  ]);
  const scaled = live.filter((workload) => replicaOwners(workload, autoscalers).length > 0);
  const autoscaled = new Set(scaled.map(workloadLabel));
  return {
    ...{ release: name, current, target, diff, before, after, live, autoscaled },
    handMade: changed,
  };
}

/** What was changed by hand in the ConfigMaps of the release. */
function changedMaps(
  maps: readonly InstalledMap[],
  workloads: Workloads,
  signal: AbortSignal,
): Promise<readonly HandMade[]> {
  return Promise.all(
    maps.map(async (map) => {
      const { namespace, name } = map;
      const object = await workloads.get({ kind: "configmaps", namespace, name }, signal);
      return object ? handMade(map, object) : { name, fields: [] };
    }),
  );
}

/** The workloads of a manifest as they are in the cluster; those that are missing are left out. */
export async function liveWorkloads(
  wanted: readonly ManifestWorkload[],
  workloads: Workloads,
  signal: AbortSignal,
): Promise<readonly Workload[]> {
  const found = await Promise.all(
    wanted.map(async ({ kind, namespace, name }) => {
      const object = await workloads.get({ kind, namespace, name }, signal);
      return object ? [readWorkload(kind, object)] : [];
    }),
  );
  return found.flat();
}

function distinct(owners: readonly Owner[]): readonly Owner[] {
  return [...new Map(owners.map((owner) => [`${owner.by}/${owner.name}`, owner])).values()];
}
