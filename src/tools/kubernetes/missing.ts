import { kindNames } from "#domain/kubernetes/kinds.ts";
import { missingNamespace, missingObject } from "#domain/kubernetes/missing.ts";
import type { KubeObject, ObjectRef } from "#domain/kubernetes/object.ts";
import { OpsError } from "#errors.ts";
import type { ObjectQuery, Workloads } from "#ports/workloads.ts";

/** Most names that are searched for the one that was meant. */
const MOST = 500;

/** Why the object was not found: no such namespace, in another one, or under a name like it. */
export async function whyMissing(
  ref: ObjectRef,
  workloads: Workloads,
  signal: AbortSignal,
): Promise<OpsError> {
  const { kind, name, namespace } = ref;
  const gone = await namespaceError(namespace, workloads, signal);
  if (gone) return gone;
  const here = namespace === undefined ? {} : { namespace };
  const namespaced = kindNames(kind).scope === "namespace";
  const [siblings, others] = await Promise.all([
    visible(workloads, { kind, ...here, limit: MOST }, signal),
    namespaced && namespace !== undefined
      ? visible(workloads, { kind, fieldSelector: `metadata.name=${name}`, limit: MOST }, signal)
      : [],
  ]);
  return missingObject(ref, {
    siblings: siblings.map(({ metadata }) => metadata.name),
    elsewhere: others.flatMap(({ metadata }) => metadata.namespace ?? []),
  });
}

/** An error when the namespace is known not to exist; nothing while that cannot be seen. */
export async function namespaceError(
  namespace: string | undefined,
  workloads: Workloads,
  signal: AbortSignal,
): Promise<OpsError | undefined> {
  if (namespace === undefined) return undefined;
  const known = await visible(workloads, { kind: "namespaces", limit: MOST }, signal);
  const names = known.map(({ metadata }) => metadata.name);
  return names.length === 0 || names.includes(namespace)
    ? undefined
    : missingNamespace(namespace, names);
}

/** The list, or nothing when these credentials may not see it. */
async function visible(
  workloads: Workloads,
  query: ObjectQuery,
  signal: AbortSignal,
): Promise<readonly KubeObject[]> {
  try {
    return (await workloads.list(query, signal)).items;
  } catch (error) {
    if (!(error instanceof OpsError) || error.code !== "access_denied") throw error;
    return [];
  }
}
