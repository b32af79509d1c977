import * as z from "zod";
import { volumeName } from "#domain/diagnosis/relations.ts";
import type { Scope } from "#domain/diagnosis/scope.ts";
import type { KubeObject, ObjectRef } from "#domain/kubernetes/object.ts";
import { templateReads } from "#domain/kubernetes/template.ts";
import type { Collection } from "./reading.ts";

/** Most objects that are read because the scope names them. */
const MOST = 30;

/** Reads what objects of the scope name, and what lists do not bring: ConfigMaps, Secrets, nodes and volumes beyond the first. */
export async function namedByScope(scope: Scope, read: Collection): Promise<void> {
  const known = (ref: ObjectRef) =>
    read.of(ref.kind).some(({ metadata }) => metadata.name === ref.name);
  const wanted = [
    ...configuration(scope),
    ...certificates(scope),
    ...nodes(scope),
    ...volumes(scope),
  ];
  const distinct = new Map(wanted.map((ref) => [`${ref.kind} ${ref.namespace}/${ref.name}`, ref]));
  const refs = [...distinct.values()].filter((ref) => !known(ref));
  for (const { kind } of refs.slice(MOST)) read.skip(kind);
  await Promise.all(refs.slice(0, MOST).map((ref) => read.get(ref)));
}

const resources = { ConfigMap: "configmaps", Secret: "secrets" } as const;

/** Of pods that wait alone: those that run have found what they need. */
function configuration({ pods }: Scope): readonly ObjectRef[] {
  return pods
    .filter(({ status }) => status.phase === "Pending")
    .flatMap(({ metadata, spec }) =>
      templateReads({ metadata, spec }).map(({ kind, name }) => ({
        kind: resources[kind],
        name,
        ...(metadata.namespace === undefined ? {} : { namespace: metadata.namespace }),
      })),
    );
}

const tlsSchema = z.object({
  spec: z.object({ tls: z.array(z.object({ secretName: z.string().optional() })).default([]) }),
});

function certificates(scope: Scope): readonly ObjectRef[] {
  return scope.of("ingresses").flatMap((ingress) => tlsSecrets(ingress));
}

function tlsSecrets(ingress: KubeObject): readonly ObjectRef[] {
  const { namespace } = ingress.metadata;
  const tls = tlsSchema.safeParse(ingress).data?.spec.tls ?? [];
  return tls.flatMap(({ secretName }) =>
    secretName === undefined || namespace === undefined
      ? []
      : [{ kind: "secrets", namespace, name: secretName } as const],
  );
}

function nodes({ pods }: Scope): readonly ObjectRef[] {
  return pods
    .filter(({ spec }) => spec.nodeName !== "")
    .map(({ spec }) => ({ kind: "nodes", name: spec.nodeName }) as const);
}

function volumes(scope: Scope): readonly ObjectRef[] {
  return scope
    .of("persistentvolumeclaims")
    .flatMap((claim) => volumeName(claim) ?? [])
    .map((name) => ({ kind: "persistentvolumes", name }) as const);
}
