import { type Diagnosis, diagnose } from "#domain/diagnosis/diagnose.ts";
import { scopeOf } from "#domain/diagnosis/scope-of.ts";
import type { Snapshot } from "#domain/diagnosis/snapshot.ts";
import type { KubeObject, ResourceKind } from "#domain/kubernetes/object.ts";
import { deployment, NOW, ownedBy, pod, replicaSet } from "../../../support/objects.ts";

export type World = Partial<Record<ResourceKind, readonly KubeObject[]>>;

interface Parts {
  readonly lines?: readonly string[];
  readonly unread?: readonly ResourceKind[];
  readonly dns?: readonly KubeObject[];
}

type PodParts = NonNullable<Parameters<typeof pod>[1]>;

/** A pod of the Deployment `web`, at its second revision. */
export function webPod(parts: PodParts = {}, name = "web-2-a"): KubeObject {
  const metadata = {
    labels: { app: "web" },
    ...ownedBy("ReplicaSet", "web-2"),
    ...parts.metadata,
  };
  return pod(name, { ...parts, metadata });
}

/** The diagnosis of an object of the world; of its Deployment when none is named. */
export function examined(
  world: World,
  parts: Parts = {},
  kind: ResourceKind = "deployments",
): Diagnosis {
  const all: World = {
    deployments: [deployment("web")],
    replicasets: [replicaSet("web", 2, 2)],
    ...world,
  };
  const [object] = all[kind] ?? [];
  if (object === undefined) throw new Error(`the world has no ${kind}`);
  const snapshot: Snapshot = {
    now: NOW,
    of: (each) => all[each] ?? [],
    lines: () => parts.lines ?? [],
    unread: parts.unread ?? [],
    ...(parts.dns ? { dns: parts.dns } : {}),
  };
  const { name, namespace } = object.metadata;
  const subject = { kind, name, ...(namespace === undefined ? {} : { namespace }) };
  return diagnose(scopeOf(subject, object, snapshot), snapshot);
}

/** What each finding says, as `cause (confidence): summary`. */
export function told(...asked: Parameters<typeof examined>): readonly string[] {
  return examined(...asked).findings.map(
    ({ cause, confidence, summary }) => `${cause} (${confidence}): ${summary}`,
  );
}

/** Of one pod, with its events. */
export function toldOf(
  parts: PodParts,
  events: readonly KubeObject[] = [],
  seen: Parts & { readonly world?: World } = {},
): readonly string[] {
  const { world = {}, ...rest } = seen;
  return told({ pods: [webPod(parts)], events, ...world }, rest);
}
