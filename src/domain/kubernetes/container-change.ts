/** New values of one container; what is not named stays. */
export interface ContainerChange {
  readonly list: "containers" | "initContainers";
  readonly name: string;
  readonly image?: string;
  readonly resources?: ResourceChange;
}

/** Quantities by resource; `null` removes one. */
export interface ResourceChange {
  readonly requests?: Readonly<Record<string, string | null>>;
  readonly limits?: Readonly<Record<string, string | null>>;
}

/** How few and how many replicas an autoscaler may run. */
export type ReplicaBounds = {
  readonly min: number;
  readonly max: number;
};
