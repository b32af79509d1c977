import * as z from "zod";
import { type KubeObject, metadataSchema } from "#domain/kubernetes/object.ts";
import { atMost } from "#domain/text/at-most.ts";
import { count } from "#domain/text/table.ts";
import { isoSeconds } from "#domain/text/time.ts";
import type { TimeWindow } from "#domain/window.ts";
import { aboutObject, type RecentChange } from "./change.ts";
import { fieldsUnder, isController, isWithin, type Write, writesOf } from "./writes.ts";

const CORDONED = "node.kubernetes.io/unschedulable";

const nodeSchema = z.object({
  metadata: metadataSchema,
  spec: z
    .object({
      unschedulable: z.boolean().default(false),
      taints: z
        .array(z.object({ key: z.string().default(""), timeAdded: z.string().nullish() }))
        .default([]),
    })
    .prefault({}),
});
type Node = z.output<typeof nodeSchema>;

const JOINED = "Joined the cluster.";

type When = Pick<RecentChange, "at" | "who" | "summary">;

/** A node's joining, its cordon and changes of its taints within the window. Who lifted a cordon is forgotten. */
export function nodeChanges(object: KubeObject, window: TimeWindow): readonly RecentChange[] {
  const node = nodeSchema.parse(object);
  const writes = writesOf(object).filter(({ subresource }) => subresource === "");
  const about = { kind: "node" as const, ...aboutObject("nodes", "Node", object), details: [] };
  return [...joined(node), ...cordoned(node, writes), ...tainted(writes)]
    .filter(({ at }) => isWithin(window, at))
    .map((when) => ({ ...about, ...when }));
}

function joined({ metadata }: Node): readonly When[] {
  const at = new Date(metadata.creationTimestamp ?? 0);
  return [{ at, who: "", summary: JOINED }];
}

/** A controller adds the taint of a cordon within a second. */
function cordoned({ spec }: Node, writes: readonly Write[]): readonly When[] {
  if (!spec.unschedulable) return [];
  const write = writes.find((each) => fieldsUnder(each, "spec").includes("unschedulable"));
  const added = spec.taints.find(({ key }) => key === CORDONED)?.timeAdded;
  const at = write?.at ?? (added ? new Date(added) : undefined);
  const summary = "Cordoned: no new pods. A drain begins so.";
  return at === undefined ? [] : [{ at, who: write?.manager ?? "", summary }];
}

/** Taints that people set; controllers set theirs as conditions come and go. */
function tainted(writes: readonly Write[]): readonly When[] {
  return writes
    .filter((write) => fieldsUnder(write, "spec").includes("taints") && !isController(write))
    .map(({ at, manager }) => ({ at, who: manager, summary: "Taints set." }));
}

/** More nodes than this that join are told as one change. */
const MOST_JOINS = 2;

/** As given; of many nodes that joined, as when a cluster grows, one change is made. */
export function foldJoins(changes: readonly RecentChange[]): readonly RecentChange[] {
  const joins = changes.filter(({ summary }) => summary === JOINED);
  const last = joins.toSorted((a, b) => b.at.getTime() - a.at.getTime())[0];
  const first = joins.toSorted((a, b) => a.at.getTime() - b.at.getTime())[0];
  if (!last || !first || joins.length <= MOST_JOINS) return changes;
  const names = joins.map(({ ref }) => ref.name);
  const folded: RecentChange = {
    ...last,
    object: count(joins.length, "node"),
    summary: `Joined the cluster since ${isoSeconds(first.at)}.`,
    details: atMost(names, 5, "node"),
  };
  return [...changes.filter((change) => !joins.includes(change)), folded];
}
