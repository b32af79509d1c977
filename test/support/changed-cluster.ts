import type { KubeObject, ResourceKind } from "#domain/kubernetes/object.ts";
import { OpsError } from "#errors.ts";
import type { World } from "#ports/index.ts";
import type { ObjectQuery, Workloads } from "#ports/workloads.ts";

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
      const there = await workloads.list(query, signal);
      const more = (added[query.kind] ?? []).filter((each) => matches(each, query));
      const items = [...there.items, ...more].slice(0, query.limit);
      const unread = there.items.length + more.length - items.length;
      return { items, remaining: there.remaining + unread };
    },
  };
}

/** Namespace and name are all that the added objects are chosen by. */
function matches({ metadata }: KubeObject, { namespace, fieldSelector = "" }: ObjectQuery) {
  const [, name] = /^metadata\.name=(.*)$/.exec(fieldSelector) ?? [];
  const here = namespace === undefined || metadata.namespace === namespace;
  return here && (name === undefined || metadata.name === name);
}
