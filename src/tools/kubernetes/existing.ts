import * as z from "zod";
import type { KubeObject, ObjectRef } from "#domain/kubernetes/object.ts";
import { OpsError } from "#errors.ts";
import type { Precondition, WorkloadRef, Workloads } from "#ports/workloads.ts";
import { whyMissing } from "./missing.ts";

/** The object, or an error that names those it may be mistaken for. */
export async function existing(
  ref: ObjectRef & { readonly namespace: string },
  workloads: Workloads,
  signal: AbortSignal,
): Promise<KubeObject> {
  const object = await workloads.get(ref, signal);
  if (object !== undefined) return object;
  throw await whyMissing(ref, workloads, signal);
}

/** The precondition that a plan keeps: the object as it was read, and the generation of its spec. */
export const asReadSchema = z.object({
  uid: z.string(),
  resourceVersion: z.string(),
  generation: z.int().optional(),
});
export type AsRead = z.output<typeof asReadSchema>;

export function asRead({ metadata }: Pick<KubeObject, "metadata">): AsRead {
  const { uid, resourceVersion, generation } = metadata;
  return { uid, resourceVersion, ...(generation === undefined ? {} : { generation }) };
}

/**
 * Changes a workload as it was read. When only its status moved since, which a crash loop does all day,
 * the change is made once more with a fresh precondition.
 */
export async function changeAsRead(
  ref: WorkloadRef,
  read: AsRead,
  workloads: Workloads,
  signal: AbortSignal,
  change: (expects: Precondition) => Promise<unknown>,
): Promise<void> {
  const isSame = (fresh: KubeObject) => sameSpec(read, asRead(fresh));
  await changeWhile(isSame, () => workloads.get(ref, signal), read, change);
}

/** Makes the change once more after a conflict, while the object is what the change was planned for. */
export async function changeWhile(
  isSame: (fresh: KubeObject) => boolean,
  reread: () => Promise<KubeObject | undefined>,
  read: AsRead,
  change: (expects: Precondition) => Promise<unknown>,
): Promise<void> {
  try {
    await change(read);
  } catch (error) {
    if (!(error instanceof OpsError) || error.code !== "conflict") throw error;
    const fresh = await reread();
    if (!fresh || !isSame(fresh)) throw error;
    await change(asRead(fresh));
  }
}

function sameSpec(a: AsRead, b: AsRead): boolean {
  return a.uid === b.uid && a.generation !== undefined && a.generation === b.generation;
}

/** Tries a change without making it: what would forbid it is a warning of the plan. */
export async function rehearse(change: () => Promise<unknown>): Promise<readonly string[]> {
  try {
    await change();
    return [];
  } catch (error) {
    if (!(error instanceof OpsError)) throw error;
    if (error.code === "access_denied") {
      return [`The cluster would forbid this: ${error.message} ${error.hint}`];
    }
    // The object moved while it was tried, which says nothing about the change.
    if (error.code === "conflict") return [];
    throw error;
  }
}
