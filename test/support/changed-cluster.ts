import type { KubeObject, ResourceKind } from "#domain/kubernetes/object.ts";
import { OpsError } from "#errors.ts";
import type { World } from "#ports/index.ts";
import type { ObjectList, ObjectQuery, Workloads } from "#ports/workloads.ts";

type Added = Partial<Record<ResourceKind, readonly KubeObject[]>>;

/** The world with more objects in its clusters, such as somebody else may have put there. */
export function withObjects(added: Added): (world: World) => World {
  return withWorkloads((workloads) => withMore(workloads, added));
}

/** The world as credentials see it that may not list these kinds. */
export function withoutRights(...kinds: readonly ResourceKind[]): (world: World) => World {
  return withWorkloads((workloads) => ({
    ...workloads,
    async list(query, signal) {
      if (!kinds.includes(query.kind)) return workloads.list(query, signal);
      throw new OpsError("access_denied", `Not allowed to list ${query.kind}.`, "Grant it.");
    },
  }));
}

function withWorkloads(change: (workloads: Workloads) => Workloads): (world: World) => World {
  return (world) => {
    const { clusters } = world;
    if (!clusters) return world;
    const open = async (name: string) => {
      const ports = await clusters.open(name);
      return ports.workloads ? { ...ports, workloads: change(ports.workloads) } : ports;
    };
    return { ...world, clusters: { ...clusters, open } };
  };
}

function withMore(workloads: Workloads, added: Added): Workloads {
  return {
    ...workloads,
    async get(ref, signal) {
      const found = added[ref.kind]?.find(
        ({ metadata }) => metadata.name === ref.name && metadata.namespace === ref.namespace,
      );
      return found ?? workloads.get(ref, signal);
    },
    async list(query, signal) {
      const { continue: token, ...whole } = query;
      const there = await workloads.list({ ...whole, limit: ALL }, signal);
      const more = (added[query.kind] ?? []).filter((each) => matches(each, query));
      return pageOf([...there.items, ...more], query.limit, Number(token ?? 0));
    },
  };
}

/** More than there are of any kind. */
const ALL = 100_000;

function pageOf(all: readonly KubeObject[], limit: number, from: number): ObjectList {
  const items = all.slice(from, from + limit);
  const read = from + items.length;
  const more = read < all.length ? { continue: String(read) } : {};
  return { items, remaining: all.length - read, ...more };
}

/** Namespace and name are all that the added objects are chosen by. */
function matches({ metadata }: KubeObject, { namespace, fieldSelector = "" }: ObjectQuery) {
  const [, name] = /^metadata\.name=(.*)$/.exec(fieldSelector) ?? [];
  const here = namespace === undefined || metadata.namespace === namespace;
  return here && (name === undefined || metadata.name === name);
}
