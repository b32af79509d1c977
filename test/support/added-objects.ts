import type { KubeObject, ResourceKind } from "#domain/kubernetes/object.ts";
import type { ClusterPorts, Places, World } from "#ports/index.ts";
import type { ObjectQuery, Workloads } from "#ports/workloads.ts";

type Added = Partial<Record<ResourceKind, readonly KubeObject[]>>;

/** The world with more objects in its clusters, such as somebody else may have put there. */
export function withObjects(added: Added): (world: World) => World {
  return (world) =>
    world.clusters ? { ...world, clusters: eachCluster(world.clusters, added) } : world;
}

function eachCluster(clusters: Places<ClusterPorts>, added: Added): Places<ClusterPorts> {
  return {
    ...clusters,
    async open(name) {
      const ports = await clusters.open(name);
      return ports.workloads ? { ...ports, workloads: withMore(ports.workloads, added) } : ports;
    },
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
