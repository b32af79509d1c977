import { type ObjectRef, type ResourceKind, readableKinds } from "#domain/kubernetes/object.ts";
import { type KindPlace, placeOf } from "#domain/kubernetes/places.ts";
import { OpsError } from "#errors.ts";

/** Kinds of add-ons: a cluster without them simply has none. */
export const optionalKinds: ReadonlySet<ResourceKind> = new Set([
  "scaledobjects",
  "httproutes",
  "podmetrics",
  "nodemetrics",
]);

/** Kinds whose objects live in a namespace. */
export const namespacedKinds = readableKinds.filter((kind) => placeOf(kind).namespaced);

/** The path of a kind, in one namespace or in all. Throws `invalid_input` for what is no name. */
export function listPath(kind: ResourceKind, namespace?: string): string {
  return pathOf(placeOf(kind), namespace);
}

/** As `listPath`, of any kind that the API serves. */
export function pathOf(place: KindPlace, namespace?: string): string {
  const { group, version, namespaced, resource } = place;
  const root = group === "" ? `/api/${version}` : `/apis/${group}/${version}`;
  if (!namespaced || namespace === undefined) return `${root}/${resource}`;
  return `${root}/namespaces/${checked(namespace)}/${resource}`;
}

/** The path of one object. Throws `invalid_input` for what is no name. */
export function objectPath({ kind, namespace, name }: ObjectRef): string {
  if (placeOf(kind).namespaced && namespace === undefined) {
    throw new OpsError("invalid_input", `${kind} live in a namespace.`, "Name the namespace too.");
  }
  return `${listPath(kind, namespace)}/${checked(name)}`;
}

/** RFC 1123: such a name can be put into a path as it is, and never means another path. */
function checked(name: string): string {
  if (name.length <= 253 && /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(name)) return name;
  throw new OpsError(
    "invalid_input",
    `${JSON.stringify(name.slice(0, 80))} is not a Kubernetes name.`,
    "Names are lower-case letters, digits, '-' and '.'; list the objects to see theirs.",
  );
}
