/** What a revision sets in its chart. */
export type Values = {
  readonly image: { readonly repository: string; readonly tag: string };
  readonly replicaCount: number;
  readonly resources: {
    readonly requests: Readonly<Record<string, string>>;
    readonly limits: Readonly<Record<string, string>>;
  };
  readonly config: Readonly<Record<string, string>>;
  /** Variables of the container that are keys of the ConfigMap. */
  readonly env?: Readonly<Record<string, string>>;
  /** What the readiness probe asks for, where it is not the usual path. */
  readonly probePath?: string;
  /** A volume that the chart claims, beside the configuration. */
  readonly claim?: { readonly name: string; readonly storageClass: string };
  /** Pods that a network policy of the chart lets in: all others are kept out. */
  readonly allowFrom?: {
    readonly namespaces: Readonly<Record<string, string>>;
    readonly pods: Readonly<Record<string, string>>;
  };
};

/** One revision of a release as the story has it, before anybody acted. */
export interface StoryRevision {
  readonly revision: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** The chart's version; the app's is the same with a `v`. */
  readonly version: string;
  readonly values: Values;
  /** Helm's own words when the upgrade failed; its image can then not be pulled. */
  readonly failure?: string;
  /** The registry has no image of that tag. */
  readonly untagged?: boolean;
}

/** How a container's run ends by itself. */
export interface End {
  readonly afterMs: number;
  readonly exitCode: number;
  readonly reason: "OOMKilled" | "Error";
}

/** A container's run, as the cause sees it when it decides how the run ends. */
export interface RunStart {
  readonly pod: string;
  readonly revision: StoryRevision;
  /** 0 for a pod's first run. */
  readonly index: number;
  readonly startedAt: number;
}

/** A deployment that one Helm release installs, with its ConfigMap and Service. */
export interface App {
  readonly namespace: string;
  /** Name of deployment, container, service and release. */
  readonly name: string;
  readonly port: number;
  /** From a container's start to ready. */
  readonly startupMs: number;
  /** Where the ConfigMap is mounted. */
  readonly configPath: string;
  /** Secret whose keys are read as environment. */
  readonly secret?: string;
  /** More labels of the deployment, such as an owner's. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly paused?: boolean;
  /** What somebody edited in the ConfigMap by hand; `null` removes a key. */
  readonly edits?: readonly {
    readonly at: number;
    readonly data: Readonly<Record<string, string | null>>;
  }[];
  /** Scales the deployment between its bounds to the replicas that the load wants. */
  readonly autoscaler?: {
    readonly min: number;
    readonly max: number;
    /** When it first looks at the load. */
    readonly since: number;
    wants(at: number): number;
  };
  /** A node that runs short of memory from then on: every so often its kubelet evicts one of the app's pods. */
  readonly sickNode?: { readonly name: string; readonly since: number };
  /** The quota of its namespace, and what it leaves for pods beside those that usually run. Cores. */
  readonly quota?: { readonly name: string; readonly hardCpu: number; readonly leftCpu: number };
  /** Paths on which the program answers that it is ready. */
  readonly serves?: readonly string[];
  readonly revisions: readonly [StoryRevision, ...StoryRevision[]];
  ends?(run: RunStart): End | undefined;
  /** Mebibytes that a run's container uses by its age; a share of its request unless told here. */
  memoryMi?(run: RunStart, ageMs: number): number;
}

export function configMapName(app: App): string {
  return `${app.name}-config`;
}
