import { rowsOf } from "#domain/kubernetes/columns/index.ts";
import type { Rows } from "#domain/kubernetes/columns/row.ts";
import { servedRows } from "#domain/kubernetes/columns/served.ts";
import { kindNames, knownKind, servedKind } from "#domain/kubernetes/kinds.ts";
import { missingServed } from "#domain/kubernetes/missing.ts";
import type { KubeObject, ResourceKind } from "#domain/kubernetes/object.ts";
import { type KindPlace, placeOf, type ServedKind } from "#domain/kubernetes/places.ts";
import { OpsError } from "#errors.ts";
import type { ObjectList, ObjectQuery, Workloads } from "#ports/workloads.ts";
import { namespaceError, whyMissing } from "./missing.ts";

type Query = Omit<ObjectQuery, "kind">;

/** A kind that can be read: one known here, or one that the cluster serves beside those. */
export interface Readable {
  /** As answers name it. */
  readonly label: string;
  readonly one: string;
  readonly many: string;
  readonly place: KindPlace;
  readonly known?: ResourceKind;
  readonly rows: Rows;
  list(query: Query, signal: AbortSignal): Promise<ObjectList>;
  /** Why there is no object of that name. */
  missing(name: string, namespace: string | undefined, signal: AbortSignal): Promise<OpsError>;
}

/** The kind that a person means. Throws `invalid_input` with those it may be mistaken for. */
export async function readable(
  text: string,
  workloads: Workloads,
  signal: AbortSignal,
): Promise<Readable> {
  const kind = knownKind(text);
  if (kind !== undefined) return knownReadable(kind, workloads);
  return servedReadable(servedKind(text, await workloads.kinds(signal)), workloads);
}

function knownReadable(kind: ResourceKind, workloads: Workloads): Readable {
  const { one, many } = kindNames(kind);
  return {
    label: kind,
    one,
    many,
    place: placeOf(kind),
    known: kind,
    rows: rowsOf[kind],
    list: (query, signal) => workloads.list({ ...query, kind }, signal),
    missing: (name, namespace, signal) =>
      whyMissing(
        { kind, name, ...(namespace === undefined ? {} : { namespace }) },
        workloads,
        signal,
      ),
  };
}

function servedReadable(kind: ServedKind, workloads: Workloads): Readable {
  const { resource, group, singular } = kind;
  const one = singular === "" ? kind.kind.toLowerCase() : singular;
  return {
    label: group === "" ? resource : `${resource}.${group}`,
    one,
    many: resource,
    place: kind,
    rows: servedRows,
    list: (query, signal) => listServed({ ...query, kind }, workloads, signal),
    async missing(name, namespace, signal) {
      const gone = await namespaceError(namespace, workloads, signal);
      if (gone) return gone;
      const here = namespace === undefined ? {} : { namespace };
      const { items } = await workloads.listServed({ kind, ...here, limit: MOST }, signal);
      const siblings = items.map(({ metadata }) => metadata.name);
      return missingServed({ one, many: resource }, { name, ...here }, siblings);
    },
  };
}

/** Most names that are searched for the one that was meant. */
const MOST = 500;

/** Rights on custom resources are in no role of ours: the error says how they are given. */
async function listServed(
  query: Parameters<Workloads["listServed"]>[0],
  workloads: Workloads,
  signal: AbortSignal,
): Promise<ObjectList> {
  try {
    return await workloads.listServed(query, signal);
  } catch (error) {
    if (!(error instanceof OpsError) || error.code !== "access_denied") throw error;
    const { group, resource } = query.kind;
    throw new OpsError(
      error.code,
      error.message,
      `Only built-in kinds are in the roles of deploy/rbac. A role with apiGroups ["${group}"], resources [${resource}], verbs [get, list] grants this one.`,
      { cause: error },
    );
  }
}

/** The object of that name, its kind and version written on it; undefined when there is none. */
export async function readOne(
  kind: Readable,
  { name, namespace }: { readonly name: string; readonly namespace: string | undefined },
  signal: AbortSignal,
): Promise<KubeObject | undefined> {
  const scope = kind.place.namespaced && namespace !== undefined ? { namespace } : {};
  const query = { fieldSelector: `metadata.name=${name}`, limit: 1, ...scope };
  const [object] = (await kind.list(query, signal)).items;
  return object && typed(kind.place, object);
}

/** Lists leave out of their items what they all are. */
function typed({ group, version, kind }: KindPlace, object: KubeObject): KubeObject {
  const apiVersion = group === "" ? version : `${group}/${version}`;
  return { apiVersion, kind, ...object };
}
