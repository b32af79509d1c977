import { count } from "#domain/text/table.ts";
import { OpsError } from "#errors.ts";
import type { Node } from "./node.ts";

/** Throws when the node already is as asked. */
export function refuseSameCordon({ name, cordoned }: Node, asked: boolean): void {
  if (cordoned !== asked) return;
  throw new OpsError(
    "no_change",
    `Node ${name} is ${cordoned ? "cordoned already" : "not cordoned"}.`,
    "Look at it with kubectl_get, resource_type nodes.",
  );
}

export function cordonDiff({ name, cordoned }: Node, asked: boolean): string {
  return `Node ${name}\n  spec.unschedulable: ${cordoned} → ${asked}`;
}

/** What it means for pods, in one line. */
export function cordonImpact(node: Node, asked: boolean, pods: number, open: number): string {
  if (!asked) return `New pods may go to ${node.name} again. None moves there by itself.`;
  return `The ${count(pods, "pod")} of ${node.name} stay. New pods go to the ${count(open, "other node")} that take them.`;
}

/** What could surprise the person who says yes. `open`: other nodes that take new pods. */
export function cordonWarnings(node: Node, asked: boolean, open: number): readonly string[] {
  const troubles = node.troubles.join(", ");
  if (!asked) {
    return troubles === "" ? [] : [`${node.name} is not well (${troubles}): pods may fail there.`];
  }
  return open === 0
    ? [`No other node takes new pods: a pod that is replaced or added stays Pending.`]
    : [];
}
