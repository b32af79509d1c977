import * as z from "zod";
import { isObject } from "#domain/json.ts";
import type { KubeObject } from "#domain/kubernetes/object.ts";
import type { Pod } from "#domain/kubernetes/pod.ts";
import { selectorSchema, selects } from "#domain/kubernetes/selector.ts";
import type { PodSpec } from "#domain/kubernetes/template.ts";
import { kindWord, type Workload } from "#domain/kubernetes/workload.ts";

type Labels = Readonly<Record<string, string>>;

const serviceSchema = z.object({
  spec: z.object({ selector: z.record(z.string(), z.string()).nullish() }).prefault({}),
});

/** Whether the Service selects pods with these labels. One without a selector selects none. */
export function serviceSelects(service: KubeObject, labels: Labels): boolean {
  const wanted = Object.entries(serviceSchema.parse(service).spec.selector ?? {});
  return wanted.length > 0 && wanted.every(([key, value]) => labels[key] === value);
}

const backendSchema = z.object({ service: z.object({ name: z.string() }).optional() }).optional();
const ingressSchema = z.object({
  spec: z
    .object({
      defaultBackend: backendSchema,
      rules: z
        .array(
          z.object({
            http: z.object({ paths: z.array(z.object({ backend: backendSchema })) }).optional(),
          }),
        )
        .default([]),
    })
    .prefault({}),
});

/** Names of the Services that an Ingress sends to. */
export function ingressServices(ingress: KubeObject): ReadonlySet<string> {
  const { defaultBackend, rules } = ingressSchema.parse(ingress).spec;
  const backends = rules.flatMap(({ http }) => (http?.paths ?? []).map(({ backend }) => backend));
  return new Set([defaultBackend, ...backends].flatMap((backend) => backend?.service?.name ?? []));
}

const scalerSchema = z.object({
  spec: z.object({ scaleTargetRef: z.object({ kind: z.string(), name: z.string() }) }),
});

/** Whether the autoscaler scales the workload. */
export function scales(scaler: KubeObject, { kind, name }: Workload): boolean {
  const target = scalerSchema.safeParse(scaler).data?.spec.scaleTargetRef;
  return target?.kind === kindWord(kind) && target.name === name;
}

const selectingSchema = z.object({
  spec: z
    .object({ selector: selectorSchema.optional(), podSelector: selectorSchema.optional() })
    .prefault({}),
});

/** Whether a budget or a network policy covers pods with these labels. */
export function covers(object: KubeObject, labels: Labels): boolean {
  const { selector, podSelector } = selectingSchema.parse(object).spec;
  const found = selector ?? podSelector;
  return found !== undefined && selects(found, labels);
}

/** Names of the claims that pods of this spec mount. */
export function claimNames({ volumes }: PodSpec): readonly string[] {
  return volumes.flatMap(({ persistentVolumeClaim: claim }) => claim?.claimName ?? []);
}

/** Whether the claim was made from one of a StatefulSet's claim templates: `data-db-0` of `data` and `db`. */
export function isTemplatedClaim(claim: string, set: KubeObject): boolean {
  const templates = z
    .object({ spec: z.object({ volumeClaimTemplates: z.array(z.unknown()).default([]) }) })
    .safeParse(set).data?.spec.volumeClaimTemplates;
  return (templates ?? []).some((template) => {
    const metadata = isObject(template) && isObject(template.metadata) ? template.metadata : {};
    const stem = `${String(metadata.name)}-${set.metadata.name}-`;
    return claim.startsWith(stem) && /^\d+$/.test(claim.slice(stem.length));
  });
}

/** Name of the volume that a claim is bound to. */
export function volumeName(claim: KubeObject): string | undefined {
  return z.object({ spec: z.object({ volumeName: z.string() }) }).safeParse(claim).data?.spec
    .volumeName;
}

/** Whether Helm made the object for this release. */
export function isOfRelease({ metadata }: KubeObject, release: string): boolean {
  const { labels, annotations } = metadata;
  const named = annotations["meta.helm.sh/release-name"];
  return named === undefined
    ? labels["app.kubernetes.io/managed-by"] === "Helm" &&
        labels["app.kubernetes.io/instance"] === release
    : named === release;
}

/** Labels that pods of the scope have, those not yet made included. */
export function podLabels(workloads: readonly Workload[], pods: readonly Pod[]): readonly Labels[] {
  return [
    ...workloads.map(({ template }) => template.metadata.labels),
    ...pods.map(({ metadata }) => metadata.labels),
  ];
}
