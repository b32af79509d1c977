import type { KubeObject, ResourceKind } from "#domain/kubernetes/object.ts";
import type { App, Values } from "#sandbox/cluster/app.ts";
import type { Generation } from "#sandbox/cluster/course.ts";
import { extras } from "#sandbox/cluster/manifest.ts";
import { storageClasses } from "#sandbox/cluster/trouble.ts";
import type { At } from "./at.ts";
import { releaseAnnotations } from "./deployment-object.ts";
import { creator } from "./managed.ts";
import { metadata, type Owner, uidOf, version } from "./metadata.ts";

type Claim = NonNullable<Values["claim"]>;

/** Network policies and volume claims that the chart's newest revision installs. */
export function extraObjects(kind: ResourceKind, app: App, at: At): readonly KubeObject[] {
  const now = at.history(app).generation(at.now);
  if (!now) return [];
  const { networkPolicy, claim } = extras(app, now.chart);
  if (kind === "networkpolicies" && networkPolicy) return [installed(app, now, networkPolicy, at)];
  if (kind !== "persistentvolumeclaims" || !claim || !now.chart.values.claim) return [];
  const status = claimStatus(now.chart.values.claim);
  return [{ ...installed(app, now, claim, at), status }];
}

/** Whether the claim's storage class is there to provide for it. */
export function isProvided({ storageClass }: Claim): boolean {
  return storageClasses.includes(storageClass);
}

export function claimOwner(app: App, name: string, seed: number): Owner {
  const uid = uidOf(seed, "PersistentVolumeClaim", app.namespace, name);
  return { apiVersion: "v1", kind: "PersistentVolumeClaim", name, uid };
}

function claimStatus(claim: Claim) {
  return isProvided(claim)
    ? { phase: "Bound", accessModes: ["ReadWriteMany"], capacity: { storage: "20Gi" } }
    : { phase: "Pending" };
}

interface Rendered {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly labels: Readonly<Record<string, string>> };
  readonly spec: object;
}

function installed(app: App, { at: createdAt }: Generation, object: Rendered, { seed }: At) {
  const { apiVersion, kind, spec } = object;
  const { name, labels } = object.metadata;
  return {
    apiVersion,
    kind,
    metadata: metadata({
      name,
      namespace: app.namespace,
      uid: uidOf(seed, kind, app.namespace, name),
      version: version(createdAt),
      generation: 1,
      createdAt,
      labels,
      annotations: releaseAnnotations(app),
      writers: [creator("helm", createdAt, { spec })],
    }),
    spec,
  };
}
