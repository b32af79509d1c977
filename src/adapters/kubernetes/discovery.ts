import * as z from "zod";
import type { ServedKind } from "#domain/kubernetes/places.ts";
import type { Connection } from "./connection.ts";

/** All groups with all their kinds in one answer: of every server since Kubernetes 1.27. */
const AGGREGATED = ["v2", "v2beta1"]
  .map((version) => `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`)
  .join(",");

/** Custom resources come and go seldom. */
const KEPT_MS = 120_000;

const resourceSchema = z.object({
  resource: z.string(),
  responseKind: z.object({ kind: z.string().default("") }).prefault({}),
  scope: z.string().default("Namespaced"),
  singularResource: z.string().default(""),
  verbs: z.array(z.string()).default([]),
  shortNames: z.array(z.string()).default([]),
});

const discoverySchema = z.object({
  items: z
    .array(
      z.object({
        metadata: z.object({ name: z.string().default("") }).prefault({}),
        versions: z
          .array(z.object({ version: z.string(), resources: z.array(resourceSchema).default([]) }))
          .default([]),
      }),
    )
    .default([]),
});
type Group = z.output<typeof discoverySchema>["items"][number];
type Resource = z.output<typeof resourceSchema>;

/** The kinds of a cluster that can be listed, remembered for a while. */
export function discovery(
  api: Connection,
): (signal: AbortSignal) => Promise<readonly ServedKind[]> {
  let known: { readonly kinds: readonly ServedKind[]; readonly readAt: number } | undefined;
  return async (signal) => {
    if (known && performance.now() - known.readAt < KEPT_MS) return known.kinds;
    const roots = await Promise.all(["/api", "/apis"].map((path) => read(api, path, signal)));
    known = { kinds: roots.flat(), readAt: performance.now() };
    return known.kinds;
  };
}

async function read(
  api: Connection,
  path: string,
  signal: AbortSignal,
): Promise<readonly ServedKind[]> {
  const request = { verb: "get", group: "", resource: path, path, accept: AGGREGATED };
  const { items } = await api.send(request, discoverySchema, signal);
  return items.flatMap(kindsOf);
}

/** Each kind in the version that the server prefers: the first that has it. */
function kindsOf({ metadata, versions }: Group): readonly ServedKind[] {
  const kinds = new Map<string, ServedKind>();
  for (const { version, resources } of versions) {
    for (const resource of resources.filter(listable)) {
      const { resource: name } = resource;
      if (!kinds.has(name)) kinds.set(name, servedKind(metadata.name, version, resource));
    }
  }
  return [...kinds.values()];
}

function listable({ verbs }: Resource): boolean {
  return verbs.includes("list");
}

function servedKind(group: string, version: string, found: Resource): ServedKind {
  return {
    group,
    version,
    namespaced: found.scope === "Namespaced",
    resource: found.resource,
    kind: found.responseKind.kind,
    singular: found.singularResource,
    short: found.shortNames,
  };
}
