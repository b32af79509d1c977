import type { History } from "#sandbox/cluster/history.ts";
import type { Applied } from "#sandbox/effect.ts";

/** What the objects are made from: the cluster's past, and the instant at which it is looked at. */
export interface At {
  readonly now: number;
  readonly seed: number;
  readonly history: History;
  /** What was done to the cluster, in order. */
  readonly applied: readonly Applied[];
}
