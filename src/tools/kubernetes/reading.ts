import type { KubeObject, ObjectRef, ResourceKind } from "#domain/kubernetes/object.ts";
import { OpsError } from "#errors.ts";
import type { ObjectList, ObjectQuery, Workloads } from "#ports/workloads.ts";
import { atOnce } from "./at-once.ts";

/** What was read so far. */
export interface Reading {
  of(kind: ResourceKind): readonly KubeObject[];
  /** Kinds that could not be read, or not to the end. */
  unread(): readonly ResourceKind[];
}

type Query = Omit<ObjectQuery, "limit" | "continue" | "metadataOnly">;

/** Objects as they are read, each once, with what may not be read left out and noted. */
export interface Collection extends Reading {
  /** Whether all of them came. */
  list(query: Query): Promise<boolean>;
  get(ref: ObjectRef): Promise<void>;
  /** Notes that some of a kind were not asked for. */
  skip(kind: ResourceKind): void;
  /** A list that does not join the others; nothing when it may not be read. */
  apart(kind: ResourceKind, query: Omit<Query, "kind">): Promise<readonly KubeObject[] | undefined>;
}

/** Most objects of one kind; events are small. */
const MOST = 500;
const MOST_EVENTS = 2_000;

/** A burst of all reads would cost a handshake each, and its share of the API server's patience. */
const AT_ONCE = 10;

/** Faults of one read that the others do not suffer from. */
const PASSABLE: ReadonlySet<string> = new Set([
  "access_denied",
  "not_allowed",
  "not_found",
  "backend_error",
  "timed_out",
  "too_large",
]);

export function collection(workloads: Workloads, signal: AbortSignal): Collection {
  const found = new Map<ResourceKind, Map<string, KubeObject>>();
  const unread = new Set<ResourceKind>();
  const turn = atOnce(AT_ONCE);
  const keep = (kind: ResourceKind, objects: readonly KubeObject[]) => {
    const known = found.get(kind) ?? new Map<string, KubeObject>();
    for (const object of objects) known.set(keyOf(object), object);
    found.set(kind, known);
  };
  const read = async (query: Query) => {
    const limit = query.kind === "events" ? MOST_EVENTS : MOST;
    return passing(
      turn(() => workloads.list({ ...query, limit }, signal)),
      nothing,
    );
  };
  return {
    of: (kind) => [...(found.get(kind)?.values() ?? [])],
    unread: () => [...unread],
    async list(query) {
      const list = await read(query);
      keep(query.kind, list?.items ?? []);
      const whole = list !== undefined && list.remaining === 0;
      const all = query.labelSelector === undefined && query.fieldSelector === undefined;
      if (!whole && all) unread.add(query.kind);
      return whole;
    },
    async get(ref) {
      const asked = turn(() => workloads.get(ref, signal));
      const object = await passing(asked.then((got) => ({ got })));
      if (object === undefined) unread.add(ref.kind);
      else keep(ref.kind, object.got ? [object.got] : []);
    },
    skip(kind) {
      unread.add(kind);
    },
    async apart(kind, query) {
      return (await read({ ...query, kind }))?.items;
    },
  };
}

function keyOf({ metadata }: KubeObject): string {
  return `${metadata.namespace ?? ""}/${metadata.name}`;
}

/** A kind that the cluster does not have has no objects. */
const nothing: ObjectList = { items: [], remaining: 0 };

async function passing<T>(reading: Promise<T>, missing?: T): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (!(error instanceof OpsError) || !PASSABLE.has(error.code)) throw error;
    return error.code === "not_found" ? missing : undefined;
  }
}
