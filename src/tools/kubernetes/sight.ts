import type { KubeObject, ObjectRef, ResourceKind } from "#domain/kubernetes/object.ts";
import { OpsError } from "#errors.ts";
import type { Workloads } from "#ports/workloads.ts";

interface Reader {
  readonly workloads: Workloads;
  readonly signal: AbortSignal;
}

/** Reads around an object: what these credentials may not see is left out and remembered. */
export interface Sight {
  get(ref: ObjectRef): Promise<KubeObject | undefined>;
  /** Does the reading of one kind, unless it is forbidden. */
  each(kind: ResourceKind, reading: (reader: Reader) => Promise<void>): Promise<void>;
  /** Kinds that were not read. */
  unread(): readonly ResourceKind[];
}

export function sightOf(reader: Reader): Sight {
  const unread = new Set<ResourceKind>();
  const tolerant = async <T>(kind: ResourceKind, read: () => Promise<T>) => {
    try {
      return await read();
    } catch (error) {
      if (!(error instanceof OpsError) || !leftOut.has(error.code)) throw error;
      unread.add(kind);
      return undefined;
    }
  };
  return {
    get: (ref) => tolerant(ref.kind, () => reader.workloads.get(ref, reader.signal)),
    async each(kind, reading) {
      await tolerant(kind, () => reading(reader));
    },
    unread: () => [...unread],
  };
}

/** Without a right, outside the allowed namespaces, or because an extension of the API does not answer. */
const leftOut: ReadonlySet<string> = new Set(["access_denied", "not_allowed", "backend_error"]);
