import * as z from "zod";

/** Kinds that `kubectl_get` reads, by their plural resource name. */
export const readableKinds = [
  "pods",
  "deployments",
  "replicasets",
  "statefulsets",
  "daemonsets",
  "jobs",
  "cronjobs",
  "services",
  "endpointslices",
  "ingresses",
  "configmaps",
  "secrets",
  "persistentvolumeclaims",
  "nodes",
  "namespaces",
  "events",
  "horizontalpodautoscalers",
  "poddisruptionbudgets",
  "scaledobjects",
  "controllerrevisions",
  "serviceaccounts",
  "resourcequotas",
  "limitranges",
  "networkpolicies",
  "httproutes",
  "persistentvolumes",
  "storageclasses",
  "volumeattachments",
  "ingressclasses",
  "validatingwebhookconfigurations",
  "mutatingwebhookconfigurations",
  "apiservices",
  "podmetrics",
  "nodemetrics",
] as const;

export type ResourceKind = (typeof readableKinds)[number];
/** Kinds that roll out a pod template. */
export const workloadKinds = ["deployments", "statefulsets", "daemonsets"] as const;
export type WorkloadKind = (typeof workloadKinds)[number];

/** What every object of the API carries. Times are ISO 8601 text, as on the wire. */
export const metadataSchema = z.looseObject({
  name: z.string(),
  namespace: z.string().optional(),
  uid: z.string().default(""),
  resourceVersion: z.string().default(""),
  generation: z.int().optional(),
  creationTimestamp: z.string().optional(),
  deletionTimestamp: z.string().optional(),
  labels: z.record(z.string(), z.string()).default({}),
  annotations: z.record(z.string(), z.string()).default({}),
  ownerReferences: z
    .array(
      z.looseObject({
        kind: z.string(),
        name: z.string(),
        uid: z.string(),
        controller: z.boolean().optional(),
      }),
    )
    .default([]),
});

/** An object as the API serves it: JSON, its metadata read, the rest to be read by the kind's own schema. */
export const kubeObjectSchema = z
  .object({
    apiVersion: z.string().optional(),
    kind: z.string().optional(),
    metadata: metadataSchema,
  })
  .catchall(z.unknown());

export type KubeObject = z.output<typeof kubeObjectSchema>;

/** Where an object is. Cluster-scoped kinds have no namespace. */
export interface ObjectRef {
  readonly kind: ResourceKind;
  readonly namespace?: string;
  readonly name: string;
}
