import {
  type KubeObject,
  kubeObjectSchema,
  type ObjectRef,
  type ResourceKind,
} from "#domain/kubernetes/object.ts";
import { placeOf } from "#domain/kubernetes/places.ts";
import type { Change } from "#ports/workloads.ts";
import type { Connection, Request } from "./connection.ts";
import { objectPath } from "./kinds.ts";
import { withoutSecrets } from "./redact.ts";

/** The name under which the API server remembers who set a field. */
const FIELD_MANAGER = "firewatch";

/** A rehearsal runs authorisation, admission and validation and changes nothing. */
export function writeQuery(dryRun: boolean): Readonly<Record<string, string>> {
  return { fieldManager: FIELD_MANAGER, ...(dryRun ? { dryRun: "All" } : {}) };
}

/** As `Change`; `null` removes an annotation. */
interface Written extends Omit<Change, "annotations"> {
  readonly annotations?: Readonly<Record<string, string | null>>;
}

/** A merge patch: it sets what it names and leaves the rest. */
export async function patch(
  api: Connection,
  ref: ObjectRef,
  body: Readonly<Record<string, unknown>>,
  change: Written,
  signal: AbortSignal,
): Promise<KubeObject> {
  const request = patchRequest(ref, body, change);
  return withoutSecrets(ref.kind, await api.send(request, kubeObjectSchema, signal));
}

/** A patch that merges lists by the names of their items, and heeds the API's directives such as `$patch`. */
export function strategicPatch(
  api: Connection,
  ref: ObjectRef,
  body: Readonly<Record<string, unknown>>,
  change: Change,
  signal: AbortSignal,
): Promise<KubeObject> {
  const type = "application/strategic-merge-patch+json";
  return api.send({ ...patchRequest(ref, body, change), type }, kubeObjectSchema, signal);
}

function patchRequest(
  ref: ObjectRef,
  body: Readonly<Record<string, unknown>>,
  { expects, dryRun, annotations }: Written,
): Request {
  return {
    ...target("patch", ref),
    path: objectPath(ref),
    query: writeQuery(dryRun),
    body: { metadata: { ...expects, ...(annotations ? { annotations } : {}) }, ...body },
  };
}

type Target = Omit<Request, "path">;

/** What is asked, as errors and permissions name it. */
export function target(verb: string, { kind, namespace, name }: Partial<ObjectRef> & Kind): Target {
  const { group, resource } = placeOf(kind);
  return { verb, group, resource, namespace, name };
}

interface Kind {
  readonly kind: ResourceKind;
}
