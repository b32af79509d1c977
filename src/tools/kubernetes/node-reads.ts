import * as z from "zod";
import { type Node, readNode } from "#domain/kubernetes/node.ts";
import type { KubeObject } from "#domain/kubernetes/object.ts";
import { OpsError } from "#errors.ts";
import type { Workloads } from "#ports/workloads.ts";
import type { Call } from "#tools/tool.ts";
import { asRead, asReadSchema } from "./existing.ts";
import { marks } from "./marks.ts";
import { whyMissing } from "./missing.ts";
import { pages } from "./pages.ts";

/** The node, or an error that names those it may be mistaken for. */
export async function existingNode(
  name: string,
  workloads: Workloads,
  signal: AbortSignal,
): Promise<KubeObject> {
  const ref = { kind: "nodes", name } as const;
  const object = await workloads.get(ref, signal);
  if (object !== undefined) return object;
  throw await whyMissing(ref, workloads, signal);
}

/** All nodes but the named one. */
export async function otherNodes(
  name: string,
  workloads: Workloads,
  signal: AbortSignal,
): Promise<readonly KubeObject[]> {
  const found: KubeObject[] = [];
  for await (const page of pages({ kind: "nodes" }, workloads, signal)) found.push(...page);
  return found.filter(({ metadata }) => metadata.name !== name);
}

/** The pods of a node, of every namespace. */
export async function podsOn(
  node: string,
  workloads: Workloads,
  signal: AbortSignal,
): Promise<readonly KubeObject[]> {
  const found: KubeObject[] = [];
  const query = { kind: "pods", fieldSelector: `spec.nodeName=${node}` } as const;
  for await (const page of pages(query, workloads, signal)) found.push(...page);
  return found;
}

/** A cordon, or its opposite, as a plan keeps it. */
export const cordonSchema = z.object({
  node: z.string(),
  cordoned: z.boolean(),
  read: asReadSchema,
});
export type Cordon = z.output<typeof cordonSchema>;

/**
 * Sets the field on the node as it was read. A node's status moves all the time: while the field itself is as it was,
 * the change is made once more with a fresh precondition.
 */
export async function setCordon(
  { node, cordoned, read }: Cordon,
  workloads: Workloads,
  call: Call,
  dryRun: boolean,
): Promise<void> {
  const set = (expects: Cordon["read"]) =>
    workloads.cordon(node, cordoned, { expects, dryRun, annotations: marks(call) }, call.signal);
  try {
    await set(read);
  } catch (error) {
    if (!(error instanceof OpsError) || error.code !== "conflict") throw error;
    const fresh = await existingNode(node, workloads, call.signal);
    if (fresh.metadata.uid !== read.uid || readNode(fresh).cordoned === cordoned) throw error;
    await set(asRead(fresh));
  }
}

/** The node as it is now, unless it is gone or another one took its name. */
export async function sameNode(
  { node, read }: Pick<Cordon, "node" | "read">,
  workloads: Workloads,
  signal: AbortSignal,
): Promise<Node | undefined> {
  const object = await workloads.get({ kind: "nodes", name: node }, signal);
  return object?.metadata.uid === read.uid ? readNode(object) : undefined;
}
