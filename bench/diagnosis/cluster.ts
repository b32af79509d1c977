import { withoutSecrets } from "#adapters/kubernetes/redact.ts";
import {
  type KubeObject,
  kubeObjectSchema,
  type ResourceKind,
  readableKinds,
} from "#domain/kubernetes/object.ts";
import type { LogLine } from "#domain/logs/line.ts";
import { OpsError } from "#errors.ts";
import type { PodLogQuery, Workloads } from "#ports/workloads.ts";
import { simulatedWorkloads } from "#sandbox/kubernetes/workloads.ts";
import type { Case } from "./case.ts";
import { linesOf } from "./logs.ts";
import type { Manifest } from "./world/manifest.ts";

/** The objects of a case as a cluster that nobody changes, read as through the live adapter. */
export function clusterOf(one: Case): Workloads {
  const byKind = Map.groupBy(one.objects, kindOf);
  const read = new Map<ResourceKind, readonly KubeObject[]>();
  const objects = (kind: ResourceKind) => {
    const known = read.get(kind) ?? (byKind.get(kind) ?? []).map((each) => parsed(kind, each));
    read.set(kind, known);
    return known;
  };
  const port = simulatedWorkloads({
    objects,
    objectsAfter: (_, kind) => objects(kind),
    logSources: () => [],
    now: () => one.now.getTime(),
    apply: () => Promise.reject(new Error("nobody changes this cluster")),
  });
  return { ...port, logs: (pod, query) => logLines(one, pod, query) };
}

function parsed(kind: ResourceKind, manifest: Manifest): KubeObject {
  return withoutSecrets(kind, kubeObjectSchema.parse(manifest));
}

/** `NetworkPolicy` is served as `networkpolicies`, `Ingress` as `ingresses`. */
export function kindOf({ kind }: Pick<Manifest, "kind">): ResourceKind {
  const word = kind.toLowerCase();
  const plural = word.endsWith("s") ? `${word}es` : `${word.replace(/y$/, "ie")}s`;
  const found = readableKinds.find((each) => each === plural);
  if (!found) throw new Error(`${kind} is not a kind that is read`);
  return found;
}

async function* logLines(
  one: Case,
  { namespace, name }: { readonly namespace: string; readonly name: string },
  { container, previous, tailLines }: PodLogQuery,
): AsyncGenerator<LogLine> {
  const lines = linesOf(one, { namespace, pod: name, container, previous });
  if (!lines) throw noRun(name, container);
  const since = one.now.getTime() - 60_000;
  for (const [index, text] of lines.slice(-tailLines).entries()) {
    yield { at: new Date(since + index * 10), text };
  }
}

function noRun(pod: string, container: string): OpsError {
  return new OpsError(
    "not_found",
    `Container ${container} of ${pod} has no such run.`,
    "Ask for the other run.",
  );
}
