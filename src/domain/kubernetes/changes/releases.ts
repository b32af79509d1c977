import type { KubeObject } from "#domain/kubernetes/object.ts";
import { MINUTE, SECOND, type TimeWindow } from "#domain/window.ts";
import type { RecentChange } from "./change.ts";
import { isWithin, writesOf } from "./writes.ts";

/** Helm writes a revision first and its objects after; hooks in between take their time. */
const TAKES = 15 * MINUTE;
const SKEW = 2 * SECOND;

/** The revision that a Secret of Helm's own keeps, from its metadata. */
export function helmRevision(object: KubeObject, window: TimeWindow): readonly RecentChange[] {
  const { name, namespace = "", labels, creationTimestamp } = object.metadata;
  const [, release, number] = /^sh\.helm\.release\.v1\.(.+)\.v(\d+)$/.exec(name) ?? [];
  const at = new Date(creationTimestamp ?? 0);
  if (release === undefined || !isWithin(window, at)) return [];
  const status = labels.status === undefined ? "" : ` (${labels.status})`;
  return [
    {
      kind: "helm",
      at,
      ref: { kind: "secrets", namespace, name },
      object: `Release/${release}`,
      who: writesOf(object)[0]?.manager ?? "",
      summary: `Revision ${number}${status}.`,
      details: [],
      labels: {},
      release,
      parts: [],
    },
  ];
}

/** Puts what Helm changed under the revision that it installed. */
export function underReleases(changes: readonly RecentChange[]): readonly RecentChange[] {
  const revisions = changes
    .filter(({ kind }) => kind === "helm")
    .toSorted((a, b) => a.at.getTime() - b.at.getTime());
  const parents = new Map(
    changes.flatMap((change) => {
      const parent = revisions.findLast((revision) => installed(revision, change));
      return parent && change.kind !== "helm" ? [[change, parent] as const] : [];
    }),
  );
  return changes
    .filter((change) => !parents.has(change))
    .map((change) =>
      change.kind === "helm" ? { ...change, parts: partsOf(change, parents) } : change,
    );
}

/** Rollouts first: they tell the most. */
function partsOf(revision: RecentChange, parents: ReadonlyMap<RecentChange, RecentChange>) {
  const own = [...parents].filter(([, parent]) => parent === revision).map(([part]) => part);
  const rank = ({ kind }: RecentChange) => (kind === "rollout" ? 0 : 1);
  return own.toSorted((a, b) => rank(a) - rank(b));
}

function installed(revision: RecentChange, change: RecentChange): boolean {
  const after = change.at.getTime() - revision.at.getTime();
  return (
    change.release === revision.release &&
    change.ref.namespace === revision.ref.namespace &&
    /^helm/i.test(change.who) &&
    after >= -SKEW &&
    after <= TAKES
  );
}
