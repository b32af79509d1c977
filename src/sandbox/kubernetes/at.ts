import type { History } from "#sandbox/cluster/history.ts";

/** What the objects are made from: the cluster's past, and the instant at which it is looked at. */
export interface At {
  readonly now: number;
  readonly seed: number;
  readonly history: History;
}
