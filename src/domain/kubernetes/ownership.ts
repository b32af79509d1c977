import * as z from "zod";
import type { Owner } from "#domain/approvals/action.ts";
import { type KubeObject, metadataSchema } from "./object.ts";
import { controllerOf, kindWord, type Workload } from "./workload.ts";

type Metadata = KubeObject["metadata"];

const scalerSchema = z.object({
  metadata: metadataSchema,
  spec: z.object({
    scaleTargetRef: z.object({ kind: z.string().default("Deployment"), name: z.string() }),
    minReplicas: z.int().optional(),
    maxReplicas: z.int().optional(),
    minReplicaCount: z.int().optional(),
    maxReplicaCount: z.int().optional(),
  }),
});
type Scaler = z.output<typeof scalerSchema>;

/** Autoscalers found in the workload's namespace. */
export interface Autoscalers {
  readonly horizontalPodAutoscalers: readonly KubeObject[];
  readonly scaledObjects: readonly KubeObject[];
}

/** Autoscalers that own the workload's replicas: they overwrite a count that somebody else sets. */
export function replicaOwners(workload: Workload, found: Autoscalers): readonly Owner[] {
  const scaled = scalersOf(workload, found.scaledObjects);
  const plain = scalersOf(workload, found.horizontalPodAutoscalers);
  const known = new Set(scaled.map(({ metadata }) => metadata.name));
  return [
    ...scaled.map(({ metadata, spec }) =>
      kedaOwner(metadata.name, spec.minReplicaCount ?? 0, spec.maxReplicaCount ?? 100),
    ),
    ...plain.filter((scaler) => !known.has(scaledObjectOf(scaler) ?? "")).map(autoscalerOwner),
  ];
}

function scalersOf(workload: Workload, objects: readonly KubeObject[]): readonly Scaler[] {
  return objects.flatMap((object) => {
    const scaler = scalerSchema.parse(object);
    const { kind, name } = scaler.spec.scaleTargetRef;
    return kind === kindWord(workload.kind) && name === workload.name ? [scaler] : [];
  });
}

/** KEDA works through an HPA of its own, which it labels and owns. */
function scaledObjectOf({ metadata }: Scaler): string | undefined {
  const owner = controllerOf(metadata);
  return owner?.kind === "ScaledObject" ? owner.name : metadata.labels["scaledobject.keda.sh/name"];
}

function autoscalerOwner(scaler: Scaler): Owner {
  const { metadata, spec } = scaler;
  const [min, max] = [spec.minReplicas ?? 1, spec.maxReplicas ?? 1];
  const scaledObject = scaledObjectOf(scaler);
  if (scaledObject !== undefined) return kedaOwner(scaledObject, min, max);
  const effect = `overwrites the count within seconds, between ${min} and ${max}; setting 0 switches it off`;
  return { by: "HorizontalPodAutoscaler", name: metadata.name, effect };
}

function kedaOwner(name: string, min: number, max: number): Owner {
  return { by: "KEDA", name, effect: `overwrites the count, between ${min} and ${max}` };
}

/** GitOps controllers that apply the object from elsewhere and take live changes back. */
export function gitOpsOwners({ metadata }: { readonly metadata: Metadata }): readonly Owner[] {
  return [fluxKustomization(metadata), fluxRelease(metadata), argoApplication(metadata)].filter(
    (owner) => owner !== undefined,
  );
}

function fluxKustomization({ labels, annotations }: Metadata): Owner | undefined {
  const name = labels["kustomize.toolkit.fluxcd.io/name"];
  const disabled = annotations["kustomize.toolkit.fluxcd.io/reconcile"] === "disabled";
  if (name === undefined || disabled) return undefined;
  const namespace = labels["kustomize.toolkit.fluxcd.io/namespace"];
  return {
    by: "Flux",
    name: `Kustomization ${qualified(namespace, name)}`,
    effect: "undoes the change at its next reconciliation, a restart included",
  };
}

function fluxRelease({ labels }: Metadata): Owner | undefined {
  const name = labels["helm.toolkit.fluxcd.io/name"];
  if (name === undefined) return undefined;
  return {
    by: "Flux",
    name: `HelmRelease ${qualified(labels["helm.toolkit.fluxcd.io/namespace"], name)}`,
    effect: "undoes the change at its next upgrade, or sooner with drift detection",
  };
}

/** The label `app.kubernetes.io/instance` is no sign: Helm sets it too. */
function argoApplication({ labels, annotations }: Metadata): Owner | undefined {
  const tracking = annotations["argocd.argoproj.io/tracking-id"]?.split(":")[0];
  const name = tracking ?? labels["argocd.argoproj.io/instance"];
  if (name === undefined) return undefined;
  return {
    by: "Argo CD",
    name: `Application ${name}`,
    effect: "undoes the change within seconds with self-heal, else at its next sync",
  };
}

function qualified(namespace: string | undefined, name: string): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}
