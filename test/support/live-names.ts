import type { MetricId } from "#domain/alarms/alarm.ts";
import { type ObjectRef, readableKinds } from "#domain/kubernetes/object.ts";
import type { World } from "#ports/index.ts";

/** What there is in a world: the names that a caller could have read from earlier answers. */
export interface LiveNames {
  readonly alarms: readonly string[];
  readonly metrics: readonly MetricId[];
  readonly logGroups: readonly string[];
  readonly namespaces: readonly string[];
  readonly releases: readonly { readonly name: string; readonly namespace: string }[];
  readonly objects: readonly ObjectRef[];
}

const ALL = 500;

export async function liveNames({ regions, clusters }: World): Promise<LiveNames> {
  const signal = AbortSignal.timeout(10_000);
  const { alarms, logs, metrics } = (await regions?.open(regions.names[0] ?? "")) ?? {};
  const { workloads, releases } = (await clusters?.open(clusters.names[0] ?? "")) ?? {};
  if (!alarms || !logs || !metrics || !workloads || !releases) throw new Error("half a world");
  const all = await alarms.list({}, signal);
  const watched = all.flatMap(({ queries }) => queries.flatMap(({ metric }) => metric ?? []));
  const metricNamespaces = [...new Set(watched.map(({ namespace }) => namespace))];
  const found = metricNamespaces.map((namespace) => metrics.find({ namespace }, signal));
  const listed = readableKinds.map(async (kind) => {
    const { items } = await workloads.list({ kind, limit: ALL }, signal);
    return items.map(({ metadata: { name, namespace } }) => ({
      kind,
      name,
      ...(namespace === undefined ? {} : { namespace }),
    }));
  });
  const objects = (await Promise.all(listed)).flat();
  return {
    alarms: all.map(({ name }) => name),
    metrics: (await Promise.all(found)).flat(),
    logGroups: (await logs.groups({ limit: ALL }, signal)).map(({ name }) => name),
    namespaces: objects.filter(({ kind }) => kind === "namespaces").map(({ name }) => name),
    releases: await releases.list({}, signal),
    objects,
  };
}
