import { parseAllDocuments } from "yaml";
import { isObject, type Json, type JsonObject, toJsonObject } from "#domain/json.ts";
import type { WorkloadKind } from "#domain/kubernetes/object.ts";
import { OpsError } from "#errors.ts";

/** One object of a rendered chart. `namespace` is absent when the manifest leaves it to the release. */
export interface ManifestObject {
  readonly kind: string;
  readonly name: string;
  readonly namespace?: string;
  readonly body: JsonObject;
}

/** A workload that a chart installs. `replicas` is absent when the chart leaves them alone. */
export interface ManifestWorkload {
  readonly kind: WorkloadKind;
  readonly namespace: string;
  readonly name: string;
  readonly replicas?: number;
  readonly template: Json;
}

const WORKLOADS: ReadonlyMap<string, WorkloadKind> = new Map([
  ["Deployment", "deployments"],
  ["StatefulSet", "statefulsets"],
  ["DaemonSet", "daemonsets"],
]);

/** Reads the YAML documents of a manifest; lists are taken apart. Throws `backend_error`. */
export function parseManifest(text: string): readonly ManifestObject[] {
  const documents = parseAllDocuments(text, { uniqueKeys: false });
  return [...documents].flatMap((document) => {
    if (document.errors.length > 0) throw unreadable(document.errors[0]?.message ?? "");
    return objectsOf(document.toJS());
  });
}

function objectsOf(body: unknown): readonly ManifestObject[] {
  if (!isObject(body)) return [];
  const { kind, metadata, items } = body;
  if (kind === "List" && Array.isArray(items)) return items.flatMap(objectsOf);
  if (typeof kind !== "string" || !isObject(metadata)) return [];
  const { name, namespace } = metadata;
  if (typeof name !== "string") return [];
  const place = typeof namespace === "string" ? { namespace } : {};
  return [{ kind, name, ...place, body: toJsonObject(body) }];
}

function unreadable(detail: string): OpsError {
  return new OpsError(
    "backend_error",
    `The release's manifest is not valid YAML: ${detail.split("\n")[0]}`,
    "Look at it with `helm get manifest`; without it there is no diff, and so no plan.",
  );
}

/** The workloads among the objects, in the order of the manifest. */
export function manifestWorkloads(
  objects: readonly ManifestObject[],
  releaseNamespace: string,
): readonly ManifestWorkload[] {
  return objects.flatMap((object) => {
    const kind = WORKLOADS.get(object.kind);
    if (kind === undefined) return [];
    const spec = object.body.spec;
    const { replicas, template } = isObject(spec) ? toJsonObject(spec) : {};
    return [
      {
        kind,
        namespace: object.namespace ?? releaseNamespace,
        name: object.name,
        template: template ?? null,
        ...(typeof replicas === "number" ? { replicas } : {}),
      },
    ];
  });
}
