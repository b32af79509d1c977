import type { KubeObject } from "#domain/kubernetes/object.ts";
import type { TimeWindow } from "#domain/window.ts";
import { aboutObject, type RecentChange } from "./change.ts";
import { fieldsUnder, isWithin, writesOf } from "./writes.ts";

/** A node's joining, cordons and taints within the window, from its metadata. */
export function nodeChanges(object: KubeObject, window: TimeWindow): readonly RecentChange[] {
  const about = { kind: "node" as const, ...aboutObject("nodes", "Node", object), details: [] };
  const joinedAt = new Date(object.metadata.creationTimestamp ?? 0);
  const joined = isWithin(window, joinedAt)
    ? [{ ...about, at: joinedAt, who: "", summary: "Joined the cluster." }]
    : [];
  const written = writesOf(object)
    .filter(({ subresource, at }) => subresource === "" && isWithin(window, at))
    .flatMap((write) => {
      const summary = writeText(fieldsUnder(write, "spec"));
      return summary === undefined ? [] : [{ ...about, at: write.at, who: write.manager, summary }];
    });
  return [...joined, ...written];
}

/** The API forgets who lifted a cordon: the field is gone then. Controllers add a cordon's taint of their own. */
function writeText(fields: readonly string[]): string | undefined {
  if (fields.includes("unschedulable")) return "Cordoned: no new pods. A drain begins so.";
  return fields.includes("taints") ? "Taints changed." : undefined;
}
