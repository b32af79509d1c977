import { cpuCores } from "#domain/kubernetes/quantity.ts";
import type { App, StoryRevision } from "./app.ts";

/** What keeps the containers of a revision's pods from starting, or from being ready once they run. */
export type Trouble =
  /** The registry has no such tag. */
  | { readonly kind: "image" }
  /** The container's environment names a key that its ConfigMap lacks. */
  | { readonly kind: "key"; readonly key: string }
  /** The readiness probe asks for a path that the program does not serve. */
  | { readonly kind: "probe"; readonly path: string }
  /** It asks for more than any node has. */
  | { readonly kind: "cpu" };

/** Cores that a node of the simulated cluster gives to pods. */
const NODE_CORES = 3.92;

/** What stands in the way of a pod of the revision, given the configuration that the API holds. */
export function troubleOf(
  app: App,
  { values, failure, untagged }: StoryRevision,
  config: Readonly<Record<string, string>>,
): Trouble | undefined {
  if (untagged || failure !== undefined) return { kind: "image" };
  if ((cpuCores(values.resources.requests.cpu) ?? 0) > NODE_CORES) return { kind: "cpu" };
  const key = Object.values(values.env ?? {}).find((wanted) => config[wanted] === undefined);
  if (key !== undefined) return { kind: "key", key };
  const path = values.probePath ?? READY_PATH;
  return (app.serves ?? [READY_PATH]).includes(path) ? undefined : { kind: "probe", path };
}

export const READY_PATH = "/ready";

/** Whether the container runs all the same: a probe that fails does not stop it. */
export function lets(trouble: Trouble | undefined): boolean {
  return trouble === undefined || trouble.kind === "probe";
}
