import { cpuCores } from "#domain/kubernetes/quantity.ts";
import type { App, StoryRevision, Values } from "./app.ts";

/** What keeps the containers of a revision's pods from starting, or from being ready once they run. */
export type Trouble =
  /** The registry has no such tag. */
  | { readonly kind: "image" }
  /** The container's environment names a key that its ConfigMap lacks. */
  | { readonly kind: "key"; readonly key: string }
  /** The readiness probe asks for a path that the program does not serve. */
  | { readonly kind: "probe"; readonly path: string }
  /** It asks for more than any node has. */
  | { readonly kind: "cpu" }
  /** Its volume claim names a storage class that is not there. */
  | { readonly kind: "claim"; readonly claim: string }
  /** The quota of its namespace does not leave enough: the pod is never made. */
  | { readonly kind: "quota" };

/** Storage classes of the simulated cluster. */
export const storageClasses: readonly string[] = ["gp3", "efs"];

/** Cores that a node of the simulated cluster gives to pods. */
const NODE_CORES = 3.92;

/** What stands in the way of a pod of the revision, given the configuration that the API holds. */
export function troubleOf(
  app: App,
  revision: StoryRevision,
  config: Readonly<Record<string, string>>,
): Trouble | undefined {
  return (
    beforeStart(app, revision) ?? missingKey(revision, config) ?? deafProbe(app, revision.values)
  );
}

/** What the API server, the scheduler and the registry meet. */
function beforeStart(
  { quota }: App,
  { values, failure, untagged }: StoryRevision,
): Trouble | undefined {
  const asked = cpuCores(values.resources.requests.cpu) ?? 0;
  const { claim } = values;
  if (quota && asked > quota.leftCpu) return { kind: "quota" };
  if (asked > NODE_CORES) return { kind: "cpu" };
  if (claim && !storageClasses.includes(claim.storageClass)) {
    return { kind: "claim", claim: claim.name };
  }
  return untagged || failure !== undefined ? { kind: "image" } : undefined;
}

function missingKey(
  { values }: StoryRevision,
  config: Readonly<Record<string, string>>,
): Trouble | undefined {
  const key = Object.values(values.env ?? {}).find((wanted) => config[wanted] === undefined);
  return key === undefined ? undefined : { kind: "key", key };
}

function deafProbe({ serves = [READY_PATH] }: App, values: Values): Trouble | undefined {
  const path = values.probePath ?? READY_PATH;
  return serves.includes(path) ? undefined : { kind: "probe", path };
}

export const READY_PATH = "/ready";

/** Whether the container runs all the same: a probe that fails does not stop it. */
export function lets(trouble: Trouble | undefined): boolean {
  return trouble === undefined || trouble.kind === "probe";
}
