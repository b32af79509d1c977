import * as z from "zod";
import type { KubeObject, ResourceKind } from "#domain/kubernetes/object.ts";
import { placeOf } from "#domain/kubernetes/places.ts";
import { duration, isoSeconds } from "#domain/text/time.ts";
import { quoted } from "#domain/text/untrusted.ts";
import { MINUTE } from "#domain/window.ts";
import type { Finding } from "./finding.ts";
import { claimNames } from "./relations.ts";
import type { Analyzer, Scope } from "./scope.ts";
import type { Snapshot } from "./snapshot.ts";

const deletedSchema = z.object({ finalizers: z.array(z.string()).default([]) });

/** What is removed within seconds unless something holds it. */
const PATIENCE = MINUTE;

/** Set on claims by the API server until no pod uses them any more. */
const IN_USE = "kubernetes.io/pvc-protection";

/** The subject and its claims, where they are being deleted and a finalizer holds them. Pods have rules of their own. */
export const heldObjects: Analyzer = (scope, snapshot) => {
  const { subject, object } = scope;
  const claims = scope
    .of("persistentvolumeclaims")
    .map((claim) => ["persistentvolumeclaims", claim] as const);
  const all = [...claims, ...(isApart(subject.kind) ? [[subject.kind, object] as const] : [])];
  return all.flatMap(([kind, each]) => heldFinding(kind, each, scope, snapshot));
};

function isApart(kind: ResourceKind): boolean {
  return kind !== "pods" && kind !== "persistentvolumeclaims";
}

function heldFinding(
  kind: ResourceKind,
  { metadata }: KubeObject,
  { pods, subject }: Scope,
  { now }: Snapshot,
): readonly Finding[] {
  const { finalizers } = deletedSchema.parse(metadata);
  const since = new Date(metadata.deletionTimestamp ?? Number.NaN);
  const held = now.getTime() - since.getTime();
  if (finalizers.length === 0 || !(held > PATIENCE)) return [];
  const { namespace = "", name } = metadata;
  const label = `${placeOf(kind).kind} ${namespace}/${name}`;
  const users = finalizers.includes(IN_USE)
    ? pods.filter(({ spec }) => claimNames(spec).includes(name)).map((pod) => pod.metadata.name)
    : [];
  const used = users.length === 0 ? "" : `; pods that use it: ${users.slice(0, 3).join(", ")}`;
  return [
    {
      cause: "stuck_terminating",
      confidence: "certain",
      summary: `${label} has been waiting for its deletion for ${duration(held)}, held by finalizer ${finalizers.map((each) => quoted(each, 80)).join(", ")}${used}.`,
      evidence: [
        { object: label, field: "metadata.deletionTimestamp", value: isoSeconds(since), at: since },
        { object: label, field: "metadata.finalizers", value: finalizers.join(", ") },
      ],
      since,
      affected: [label],
      remedy:
        users.length > 0
          ? "It goes once the pods that use it have ended; new pods cannot use it any more."
          : "Find the controller that owns the finalizer and let it finish; removing it by hand may leave something behind.",
      next: {
        tool: "kubectl_get",
        args: { resource_type: kind, name, namespace: subject.namespace ?? "default" },
      },
    },
  ];
}
