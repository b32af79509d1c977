/** A pod as it was read: another one of the same name has another uid. */
export interface PodRef {
  readonly namespace: string;
  readonly name: string;
  readonly uid: string;
}

/** What became of a wish to evict a pod. Blocked: a disruption budget allows it not now; in the API's own words. */
export type Eviction =
  | { readonly evicted: true }
  | { readonly evicted: false; readonly blocked: string };
