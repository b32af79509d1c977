import * as z from "zod";
import { kubeObjectSchema } from "#domain/kubernetes/object.ts";
import { type KindPlace, placeOf } from "#domain/kubernetes/places.ts";
import { OpsError } from "#errors.ts";
import type { ObjectList, ObjectQuery, ServedQuery } from "#ports/workloads.ts";
import type { Connection } from "./connection.ts";
import { optionalKinds, pathOf } from "./kinds.ts";
import { withoutSecrets } from "./redact.ts";

const listSchema = z.object({
  metadata: z
    .object({ continue: z.string().default(""), remainingItemCount: z.int().optional() })
    .prefault({}),
  items: z.array(kubeObjectSchema).nullish(),
});

export async function listObjects(
  api: Connection,
  query: ObjectQuery,
  signal: AbortSignal,
): Promise<ObjectList> {
  try {
    return await listPlaced(api, placeOf(query.kind), query, signal);
  } catch (error) {
    const missing = error instanceof OpsError && error.code === "not_found";
    if (missing && optionalKinds.has(query.kind)) return { items: [], remaining: 0 };
    throw error;
  }
}

/** Objects of a place of the API. Asking for metadata alone leaves out everything else. */
export async function listPlaced(
  api: Connection,
  place: KindPlace,
  query: Omit<ObjectQuery, "kind"> | ServedQuery,
  signal: AbortSignal,
): Promise<ObjectList> {
  const { group, resource } = place;
  const request = {
    verb: "list",
    group,
    resource,
    namespace: query.namespace,
    path: pathOf(place, query.namespace),
    query: listQuery(query),
    ...(query.metadataOnly ? { accept: METADATA_ONLY } : {}),
  };
  const { metadata, items } = await api.send(request, listSchema, signal);
  const uncounted = metadata.continue === "" ? 0 : -1;
  return {
    items: (items ?? []).map((item) => withoutSecrets(secretsOr(place), item)),
    remaining: metadata.remainingItemCount ?? uncounted,
    ...(metadata.continue === "" ? {} : { continue: metadata.continue }),
  };
}

const METADATA_ONLY = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";

function listQuery({
  limit,
  labelSelector = "",
  fieldSelector = "",
  continue: token = "",
}: Omit<ObjectQuery, "kind">) {
  return {
    limit: String(limit),
    ...(token === "" ? {} : { continue: token }),
    ...(labelSelector === "" ? {} : { labelSelector }),
    ...(fieldSelector === "" ? {} : { fieldSelector }),
  };
}

/** Whatever the group: an extension may serve Secrets under its own. */
function secretsOr({ resource, kind }: KindPlace): string {
  return kind === "Secret" ? "secrets" : resource;
}
