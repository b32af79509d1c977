import type { Applied, ClusterEffect } from "#sandbox/effect.ts";
import type { App } from "./app.ts";

/** What the cluster does by itself: a kubelet short of memory evicts a pod, an autoscaler looks at the load. */
export type Tick = "pressure" | "autoscale";

export interface Moment {
  readonly at: number;
  readonly effect: ClusterEffect | Tick;
}

/** How often, and for how long: longer than anybody watches. */
const PRESSURE = { everyMs: 150_000, times: 200 };
const AUTOSCALE = { everyMs: 60_000, times: 600 };

/** What people did and what the cluster does by itself, in order of time. */
export function moments(
  { sickNode, autoscaler }: App,
  applied: readonly Applied[],
): readonly Moment[] {
  if (!sickNode && !autoscaler) return applied;
  return [
    ...applied,
    ...(sickNode ? ticks("pressure", sickNode.since, PRESSURE) : []),
    ...(autoscaler ? ticks("autoscale", autoscaler.since, AUTOSCALE) : []),
  ].toSorted((a, b) => a.at - b.at);
}

function ticks(effect: Tick, since: number, { everyMs, times }: typeof PRESSURE): Moment[] {
  return Array.from({ length: times }, (_, i) => ({ at: since + i * everyMs, effect }));
}
