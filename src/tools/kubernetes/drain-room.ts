import { readNode } from "#domain/kubernetes/node.ts";
import { readPod } from "#domain/kubernetes/pod.ts";
import { emptyRoom, occupy, type Room } from "#domain/kubernetes/room.ts";
import type { Workloads } from "#ports/workloads.ts";
import { otherNodes } from "./node-reads.ts";
import { pages } from "./pages.ts";

/** What is free on the other nodes that take ordinary pods. */
export async function drainRoom(
  node: string,
  workloads: Workloads,
  signal: AbortSignal,
): Promise<Room> {
  const others = await otherNodes(node, workloads, signal);
  const room = emptyRoom(others.filter((other) => readNode(other).open));
  for await (const page of pages({ kind: "pods" }, workloads, signal))
    occupy(room, page.map(readPod));
  return room;
}
