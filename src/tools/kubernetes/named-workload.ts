import { type ObjectRef, workloadKinds } from "#domain/kubernetes/object.ts";
import { readWorkload, type Workload } from "#domain/kubernetes/workload.ts";
import { OpsError } from "#errors.ts";
import type { Workloads } from "#ports/workloads.ts";
import { whyMissing } from "./missing.ts";

/** Workloads of that name, of whatever kind. Throws `not_found` when there is none. */
export async function workloadsNamed(
  name: string,
  namespace: string,
  workloads: Workloads,
  signal: AbortSignal,
): Promise<readonly Workload[]> {
  const found = await Promise.all(
    workloadKinds.map((kind) => seen({ kind, namespace, name }, workloads, signal)),
  );
  const all = found.flatMap((workload) => workload ?? []);
  if (all.length > 0) return all;
  throw await whyMissing({ kind: "deployments", namespace, name }, workloads, signal);
}

type Ref = ObjectRef & { readonly kind: (typeof workloadKinds)[number] };

/** A kind that these credentials may not see holds nothing for them. */
async function seen(
  ref: Ref,
  workloads: Workloads,
  signal: AbortSignal,
): Promise<Workload | undefined> {
  try {
    const object = await workloads.get(ref, signal);
    return object && readWorkload(ref.kind, object);
  } catch (error) {
    if (!(error instanceof OpsError) || error.code !== "access_denied") throw error;
    return undefined;
  }
}
