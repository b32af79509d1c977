import type { RecentChange } from "#domain/kubernetes/changes/change.ts";
import { dataEdits, settingsEdits, type settingsKinds } from "#domain/kubernetes/changes/edits.ts";
import { nodeChanges } from "#domain/kubernetes/changes/nodes.ts";
import { helmRevision } from "#domain/kubernetes/changes/releases.ts";
import {
  controllerRevisionKeeper,
  type Keeper,
  replicaSetKeeper,
  rollouts,
} from "#domain/kubernetes/changes/rollouts.ts";
import {
  RESCALED,
  rescalings,
  SCALED,
  specEdits,
  toldScalings,
} from "#domain/kubernetes/changes/scalings.ts";
import { type KubeEvent, readEvent } from "#domain/kubernetes/events.ts";
import { kindNames } from "#domain/kubernetes/kinds.ts";
import {
  type KubeObject,
  type ResourceKind,
  type WorkloadKind,
  workloadKinds,
} from "#domain/kubernetes/object.ts";
import type { TimeWindow } from "#domain/window.ts";
import { OpsError } from "#errors.ts";
import type { ObjectQuery, Workloads } from "#ports/workloads.ts";
import { pages } from "./pages.ts";

export interface Found {
  readonly changes: readonly RecentChange[];
  /** Kinds that these credentials may not list. */
  readonly unread: readonly ResourceKind[];
}

interface Scope {
  readonly namespace?: string;
}

/**
 * What changed in a namespace, or in all of them, within the window. Of most kinds only metadata is read, page by
 * page, and of each page only what changed is kept. Pods are not read.
 */
export async function recentChanges(
  scope: Scope,
  window: TimeWindow,
  workloads: Workloads,
  signal: AbortSignal,
): Promise<Found> {
  const unread = new Set<ResourceKind>();
  /** What a function finds in each object of a kind. */
  async function each<T>(query: Part, find: (object: KubeObject) => readonly T[]): Promise<T[]> {
    const found: T[] = [];
    try {
      const where = kindNames(query.kind).scope === "namespace" ? scope : {};
      for await (const page of pages({ ...where, ...query }, workloads, signal)) {
        found.push(...page.flatMap(find));
      }
    } catch (error) {
      if (!(error instanceof OpsError) || error.code !== "access_denied") throw error;
      unread.add(query.kind);
    }
    return found;
  }
  const [events, ...lists] = await Promise.all([
    scalingEvents(each),
    each({ kind: "nodes" }, (object) => nodeChanges(object, window)),
    ...metadataReads(window).map(({ kind, find }) => each({ kind, metadataOnly: true }, find)),
  ]);
  const rolled = await workloadChanges(each, events, window);
  const changes = [...lists.flat(), ...rolled, ...rescalings(events, window)];
  return { changes, unread: [...unread] };
}

type Part = Pick<ObjectQuery, "kind" | "metadataOnly" | "fieldSelector">;
type Each = <T>(query: Part, find: (object: KubeObject) => readonly T[]) => Promise<T[]>;

/** Kinds of which metadata says all, and how it is read. */
function metadataReads(window: TimeWindow) {
  const kinds: readonly (keyof typeof settingsKinds)[] = [
    "services",
    "ingresses",
    "horizontalpodautoscalers",
    "poddisruptionbudgets",
    "networkpolicies",
    "resourcequotas",
    "limitranges",
  ];
  const read = (kind: ResourceKind, find: (object: KubeObject) => readonly RecentChange[]) => ({
    kind,
    find,
  });
  return [
    read("configmaps", (object) => dataEdits("configmaps", object, window)),
    read("secrets", (object) => [
      ...dataEdits("secrets", object, window),
      ...helmRevision(object, window),
    ]),
    ...kinds.map((kind) => read(kind, (object) => settingsEdits(kind, object, window))),
  ];
}

/** Of autoscalers, and of Deployments that say from how many to how many. */
async function scalingEvents(each: Each): Promise<readonly KubeEvent[]> {
  const read = (reason: string) =>
    each({ kind: "events", fieldSelector: `reason=${reason}` }, (object) => {
      const event = readEvent(object);
      return event.reason === reason ? [event] : [];
    });
  return (await Promise.all([read(RESCALED), read(SCALED)])).flat();
}

async function workloadChanges(
  each: Each,
  events: readonly KubeEvent[],
  window: TimeWindow,
): Promise<readonly RecentChange[]> {
  const keepers = await Promise.all([
    each({ kind: "replicasets", metadataOnly: true }, (object) => [replicaSetKeeper(object)]),
    each({ kind: "controllerrevisions" }, (object) => [controllerRevisionKeeper(object)]),
  ]);
  const byOwner = Map.groupBy(keepers.flat(), ({ owner }) => owner);
  const found = await Promise.all(
    workloadKinds.map((kind) =>
      each({ kind, metadataOnly: true }, (object) =>
        ofWorkload(kind, object, byOwner, events, window),
      ),
    ),
  );
  return found.flat();
}

function ofWorkload(
  kind: WorkloadKind,
  object: KubeObject,
  byOwner: ReadonlyMap<string, readonly Keeper[]>,
  events: readonly KubeEvent[],
  window: TimeWindow,
): readonly RecentChange[] {
  const keepers = byOwner.get(object.metadata.uid) ?? [];
  const rolledOut = rollouts(kind, object, keepers, window);
  const changes = [...rolledOut, ...specEdits(kind, object, rolledOut, events, window)];
  return kind === "deployments"
    ? [...changes, ...toldScalings(object, keepers, changes, events, window)]
    : changes;
}
