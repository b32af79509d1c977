import * as z from "zod";
import type { Evidence, Finding } from "#domain/diagnosis/finding.ts";
import type { Analyzer } from "#domain/diagnosis/scope.ts";
import type { Snapshot } from "#domain/diagnosis/snapshot.ts";
import { type KubeObject, metadataSchema } from "#domain/kubernetes/object.ts";
import { quoted } from "#domain/text/untrusted.ts";
import { MINUTE } from "#domain/window.ts";
import { eventEvidence, eventsAbout, label, readWhole, scoped, sinceOf } from "./scoped.ts";

const claimSchema = z.object({
  metadata: metadataSchema,
  spec: z
    .object({ storageClassName: z.string().nullish(), volumeName: z.string().nullish() })
    .prefault({}),
  status: z.object({ phase: z.string().default("Pending") }).prefault({}),
});
type Claim = z.output<typeof claimSchema>;

const classSchema = z.object({
  metadata: metadataSchema,
  provisioner: z.string().default(""),
  volumeBindingMode: z.string().default("Immediate"),
});

interface Why {
  readonly text: string;
  readonly confidence: Finding["confidence"];
  readonly remedy: string;
  readonly evidence?: readonly Evidence[];
}

/**
 * Why a claim is not bound. With WaitForFirstConsumer it waits for a pod to be placed, which is as it should be.
 * Reasons of events: ProvisioningFailed, ExternalProvisioning (waiting for the driver), FailedBinding.
 */
export const unboundClaim: Analyzer = (scope, snapshot) =>
  scoped(scope, "persistentvolumeclaims").flatMap((object) => {
    const claim = claimSchema.parse(object);
    const why = claim.status.phase === "Bound" ? undefined : whyUnbound(claim, snapshot);
    return why === undefined ? [] : [claimFinding(claim, why)];
  });

function whyUnbound(claim: Claim, snapshot: Snapshot): Why | undefined {
  if (claim.status.phase === "Lost") {
    const remedy = "Restore the volume, or its data from a backup, under a new claim.";
    const volume = claim.spec.volumeName ? quoted(claim.spec.volumeName, 80) : "its volume";
    return { text: `it has lost ${volume}`, confidence: "certain", remedy };
  }
  return missingClass(claim, snapshot) ?? failedProvisioning(claim, snapshot);
}

const DEFAULT = "storageclass.kubernetes.io/is-default-class";

function missingClass({ spec }: Claim, snapshot: Snapshot): Why | undefined {
  // Empty text asks for a volume that somebody made by hand.
  if (spec.storageClassName === "" || !readWhole(snapshot, "storageclasses")) return undefined;
  const classes = snapshot.of("storageclasses");
  const names = classes.map(({ metadata }) => metadata.name).slice(0, 5);
  const there = names.length === 0 ? "there is none" : `there is ${names.join(", ")}`;
  const remedy =
    "Create the StorageClass, or make the claim anew with one that exists: its class cannot be changed.";
  if (spec.storageClassName) {
    const known =
      names.includes(spec.storageClassName) || classes.some(named(spec.storageClassName));
    const text = `StorageClass ${spec.storageClassName} does not exist; ${there}`;
    return known ? undefined : { text, confidence: "certain", remedy };
  }
  const byDefault = classes.some(({ metadata }) => metadata.annotations[DEFAULT] === "true");
  const text = `it names no StorageClass, and none is the default; ${there}`;
  return byDefault ? undefined : { text, confidence: "certain", remedy };
}

const named = (name: string) => (object: KubeObject) => object.metadata.name === name;

/** A driver that is there answers within seconds. */
const PATIENCE = 5 * MINUTE;

function failedProvisioning(claim: Claim, snapshot: Snapshot): Why | undefined {
  const about = new Set([`PersistentVolumeClaim/${claim.metadata.name}`]);
  const events = eventsAbout(snapshot, about);
  const failed = events.find(({ reason }) =>
    ["ProvisioningFailed", "FailedBinding"].includes(reason),
  );
  if (failed) {
    return {
      text: `${failed.reason}: ${quoted(failed.message, 160)}`,
      confidence: "certain",
      remedy:
        "Remove what the driver complains of: rights, quota, parameters of the StorageClass, or no volume that fits.",
      evidence: [eventEvidence(failed)],
    };
  }
  const waiting = events.find(({ reason }) => reason === "ExternalProvisioning");
  if (waiting === undefined || !isOverdue(waiting.firstAt, snapshot)) return undefined;
  const driver = driverOf(claim, snapshot);
  return {
    text: `its driver${driver} has not answered since ${waiting.firstAt.toISOString().slice(0, 16)}Z`,
    confidence: "likely",
    remedy: "Look at the pods of the storage driver's controller.",
    evidence: [eventEvidence(waiting)],
  };
}

function isOverdue(since: Date, { now }: Snapshot): boolean {
  return now.getTime() - since.getTime() > PATIENCE;
}

function driverOf({ spec }: Claim, snapshot: Snapshot): string {
  const object = snapshot.of("storageclasses").find(named(spec.storageClassName ?? ""));
  return object ? ` ${classSchema.parse(object).provisioner}` : "";
}

function claimFinding(claim: Claim, { text, confidence, remedy, evidence = [] }: Why): Finding {
  const object = label("PersistentVolumeClaim", claim);
  const { name, namespace = "default", creationTimestamp } = claim.metadata;
  return {
    cause: "unbound_claim",
    confidence,
    summary: `${object} is not bound: ${text}.`,
    evidence: [
      { object, field: "status.phase", value: claim.status.phase },
      {
        object,
        field: "spec.storageClassName",
        value: claim.spec.storageClassName ?? "not set",
      },
      ...evidence,
    ],
    ...sinceOf(creationTimestamp),
    affected: [object],
    remedy,
    next: {
      tool: "kubectl_get",
      args: { resource_type: "persistentvolumeclaims", name, namespace },
    },
  };
}
