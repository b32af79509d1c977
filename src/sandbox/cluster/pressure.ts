import type { Applied, ClusterEffect } from "#sandbox/effect.ts";
import type { App } from "./app.ts";

/** How often a kubelet that is short of memory evicts a pod; more often than anybody watches. */
const EVERY_MS = 150_000;
const TIMES = 200;

/** What people did and when a sick node's kubelet acts, in order of time. */
export function withPressure(
  { sickNode }: App,
  applied: readonly Applied[],
): readonly { readonly at: number; readonly effect: ClusterEffect | "pressure" }[] {
  if (!sickNode) return applied;
  const evictions = Array.from({ length: TIMES }, (_, i) => ({
    at: sickNode.since + i * EVERY_MS,
    effect: "pressure" as const,
  }));
  return [...applied, ...evictions].toSorted((a, b) => a.at - b.at);
}
