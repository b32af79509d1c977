import type { Manifest } from "./world/manifest.ts";
import type { Scene } from "./world/scene.ts";

export interface Subject {
  /** As `diagnose_workload` names kinds. */
  readonly type:
    | "deployment"
    | "statefulset"
    | "daemonset"
    | "pod"
    | "service"
    | "ingress"
    | "hpa"
    | "pvc"
    | "job"
    | "cronjob";
  readonly name: string;
}

/** What a container wrote: in its present run, or in the one before. */
export interface Log {
  readonly pod: string;
  readonly container: string;
  readonly previous: boolean;
  readonly lines: readonly string[];
}

/** What a maker tells of its case; the rest of the cluster is the ground that all cases share. */
export interface Told {
  readonly subject: Subject;
  readonly objects: readonly Manifest[];
  /** In place of healthy nodes of the same name. */
  readonly nodes?: readonly Manifest[];
  /** In place of a healthy cluster DNS. */
  readonly dns?: readonly Manifest[];
  readonly logs?: readonly Log[];
}

/** Makes cases of one cause, each different. Without a cause nothing is wrong. */
export interface CaseMaker {
  readonly cause: string | undefined;
  make(scene: Scene): Told;
}

/** A cluster in which one thing is wrong, and the object that somebody asks about. */
export interface Case {
  readonly cause: string | undefined;
  readonly namespace: string;
  readonly subject: Subject;
  readonly now: Date;
  readonly objects: readonly Manifest[];
  readonly logs: readonly Log[];
}
