import * as z from "zod";
import { type KubeObject, metadataSchema, type WorkloadKind } from "#domain/kubernetes/object.ts";
import { earlierNumbers, revisionBefore } from "#domain/kubernetes/revisions.ts";
import { controllerOf, kindWord, revisionOf } from "#domain/kubernetes/workload.ts";
import { MINUTE, SECOND, type TimeWindow } from "#domain/window.ts";
import { aboutObject, type RecentChange } from "./change.ts";
import { fieldsUnder, isWithin, type Write, writesOf } from "./writes.ts";

/** What is remembered of a ReplicaSet or ControllerRevision. */
export interface Keeper {
  readonly name: string;
  readonly owner: string;
  readonly revision: number;
  /** Numbers that the same template had before. */
  readonly earlier: readonly number[];
  readonly createdAt: Date;
  /** Replicas that the Deployment asked for when it last set this one's. */
  readonly desired?: number;
}

/** From the metadata of a ReplicaSet alone. */
export function replicaSetKeeper(object: KubeObject): Keeper {
  const { metadata } = object;
  const desired = Number(metadata.annotations["deployment.kubernetes.io/desired-replicas"]);
  return {
    ...keeper(metadata, revisionOf(metadata), earlierNumbers(object)),
    ...(Number.isInteger(desired) ? { desired } : {}),
  };
}

const numberedSchema = z.object({ metadata: metadataSchema, revision: z.int().default(0) });

/** From a whole ControllerRevision: its number is no part of the metadata. */
export function controllerRevisionKeeper(object: KubeObject): Keeper {
  const { metadata, revision } = numberedSchema.parse(object);
  return keeper(metadata, revision, []);
}

function keeper(
  metadata: KubeObject["metadata"],
  revision: number,
  earlier: readonly number[],
): Keeper {
  const createdAt = new Date(metadata.creationTimestamp ?? 0);
  return {
    name: metadata.name,
    owner: controllerOf(metadata)?.uid ?? "",
    revision,
    earlier,
    createdAt,
  };
}

/** A controller acts on a new template at once; a busy one, within this time. */
const LAG = MINUTE;
const SKEW = 2 * SECOND;

/** A workload's rollouts within the window. Its own metadata is enough, and that of its keepers. */
export function rollouts(
  kind: WorkloadKind,
  object: KubeObject,
  keepers: readonly Keeper[],
  window: TimeWindow,
): readonly RecentChange[] {
  const writes = writesOf(object).filter((write) => isTemplateWrite(write));
  const own = keepers.toSorted((a, b) => b.revision - a.revision);
  const made = own
    .filter(({ createdAt }) => isWithin(window, createdAt))
    .map((each) => ({
      ...newRollout(each, own),
      at: each.createdAt,
      who: whoMade(each, own, writes),
    }));
  return [...made, ...returned(own, writes, window)].map(({ keeper: after, before, ...rest }) => ({
    kind: "rollout" as const,
    ...aboutObject(kind, kindWord(kind), object),
    details: [],
    ...rest,
    ...(before === undefined ? {} : { compare: comparison(kind, object, before, after) }),
  }));
}

function isTemplateWrite(write: Write): boolean {
  return write.subresource === "" && fieldsUnder(write, "spec").includes("template");
}

/** Only the last write of each manager is remembered: it stands for one rollout, the nearest. */
function whoMade(each: Keeper, own: readonly Keeper[], writes: readonly Write[]): string {
  return writes.find(({ at }) => madeBy(at, own) === each)?.manager ?? "";
}

/** What the controller made of what was written then. */
function madeBy(written: Date, own: readonly Keeper[]): Keeper | undefined {
  const lag = ({ createdAt }: Keeper) => createdAt.getTime() - written.getTime();
  return own
    .filter((each) => lag(each) >= -SKEW && lag(each) <= LAG)
    .toSorted((a, b) => Math.abs(lag(a)) - Math.abs(lag(b)))[0];
}

function newRollout(each: Keeper, own: readonly Keeper[]) {
  const number = each.earlier[0] ?? each.revision;
  const before = revisionBefore(number, own)?.kept;
  const summary = before ? `Rolled out revision ${number}.` : `Created, as revision ${number}.`;
  return { summary, keeper: each, before };
}

/**
 * The newest template had numbers before, or is older than that of the revision before: somebody went back to it.
 * Ages alone do not tell, for they are kept to the second.
 */
function returned(own: readonly Keeper[], writes: readonly Write[], window: TimeWindow) {
  const [newest] = own;
  const before = newest && revisionBefore(newest.revision, own)?.kept;
  if (!before) return [];
  if (newest.earlier.length === 0 && newest.createdAt >= before.createdAt) return [];
  const write = writes
    .filter(({ at }) => isWithin(window, at) && at >= before.createdAt)
    .sort((a, b) => b.at.getTime() - a.at.getTime())[0];
  if (write === undefined) return [];
  const again = newest.earlier.length > 0 ? `, with the template of ${newest.earlier.at(-1)}` : "";
  const summary = `Rolled back: revision ${newest.revision}${again}.`;
  return [{ summary, keeper: newest, before, at: write.at, who: write.manager }];
}

function comparison(
  kind: WorkloadKind,
  { metadata }: KubeObject,
  before: Keeper,
  after: Keeper,
): NonNullable<RecentChange["compare"]> {
  return {
    kind: kind === "deployments" ? "replicasets" : "controllerrevisions",
    namespace: metadata.namespace ?? "",
    before: before.name,
    after: after.name,
  };
}
