import * as z from "zod";
import type { Snapshot } from "#domain/diagnosis/snapshot.ts";
import { readEvent } from "#domain/kubernetes/events.ts";
import type { KubeObject } from "#domain/kubernetes/object.ts";
import { isoSeconds } from "#domain/text/time.ts";
import { quoted } from "#domain/text/untrusted.ts";
import { HOUR } from "#domain/window.ts";
import { type Autoscaler, eachAutoscaler, targetText } from "./autoscalers.ts";
import { eventEvidence, eventsAbout, label } from "./scoped.ts";

/** An entry of managedFields that holds `spec.replicas`. */
const ownerSchema = z.object({
  manager: z.string(),
  operation: z.string().default(""),
  subresource: z.string().default(""),
  time: z.string().optional(),
  fieldsV1: z.object({ "f:spec": z.object({ "f:replicas": z.unknown() }) }),
});
type Owner = z.output<typeof ownerSchema>;

/** Both sides acted within this time. */
const WINDOW = HOUR;

/**
 * Somebody beside the autoscaler's controller owns `spec.replicas` and set it lately, the autoscaler scaled lately,
 * and the Deployment went up as well as down meanwhile (events ScalingReplicaSet).
 */
export const hpaFightsManifest = eachAutoscaler((scaler, object, snapshot) => {
  const target = targetObject(scaler, snapshot);
  const rival = target && rivalOf(target, snapshot.now);
  if (target === undefined || rival === undefined || !scaledLately(scaler, snapshot.now)) return;
  const events = eventsAbout(snapshot, new Set([`Deployment/${target.metadata.name}`]));
  const { up, down } = turns(snapshot, target);
  if (up === 0 || down === 0) return;
  const at = rival.time ? ` at ${isoSeconds(new Date(rival.time))}` : "";
  const name = label("HorizontalPodAutoscaler", object);
  const owner = label("Deployment", target);
  return {
    cause: "hpa_fights_manifest",
    confidence: up + down > 3 ? "certain" : "likely",
    summary: `${name} and field manager ${quoted(rival.manager, 80)} set the replicas of ${targetText(scaler)} in turn: ${up} times up and ${down} times down within the hour.`,
    evidence: [
      {
        object: owner,
        field: "metadata.managedFields[f:replicas]",
        value: `${rival.manager} (${rival.operation})${at}`,
        ...(rival.time ? { at: new Date(rival.time) } : {}),
      },
      ...events.filter(({ reason }) => reason === "ScalingReplicaSet").map(eventEvidence),
    ],
    affected: [owner],
    remedy:
      "Take replicas out of the manifest that the other one applies, and let the autoscaler alone set the count.",
    next: {
      tool: "kubectl_get",
      args: {
        resource_type: "horizontalpodautoscalers",
        namespace: scaler.metadata.namespace ?? "default",
      },
    },
  };
});

function targetObject({ metadata, spec }: Autoscaler, snapshot: Snapshot): KubeObject | undefined {
  const { kind, name } = spec.scaleTargetRef;
  if (kind !== "Deployment") return undefined;
  return snapshot
    .of("deployments")
    .find((each) => each.metadata.name === name && each.metadata.namespace === metadata.namespace);
}

/** The autoscaler writes through the scale subresource; nobody else of the control plane sets the count. */
function rivalOf({ metadata }: KubeObject, now: Date): Owner | undefined {
  const { managedFields } = metadata;
  const entries = Array.isArray(managedFields) ? managedFields : [];
  return entries
    .flatMap((entry) => ownerSchema.safeParse(entry).data ?? [])
    .find(
      ({ manager, subresource, time }) =>
        !(manager === "kube-controller-manager" || subresource === "scale") && isLate(time, now),
    );
}

function isLate(time: string | null | undefined, now: Date): boolean {
  return time ? now.getTime() - new Date(time).getTime() < WINDOW : false;
}

function scaledLately({ status }: Autoscaler, now: Date): boolean {
  return isLate(status.lastScaleTime, now);
}

/** How often the Deployment's controller scaled up, and down: `Scaled up replica set web-1 from 3 to 6`. */
function turns(snapshot: Snapshot, { metadata }: KubeObject) {
  const events = snapshot.of("events").map(readEvent);
  const own = events.filter(
    ({ object, reason, lastAt }) =>
      object === `Deployment/${metadata.name}` &&
      reason === "ScalingReplicaSet" &&
      snapshot.now.getTime() - lastAt.getTime() < WINDOW,
  );
  const times = (pattern: RegExp) =>
    own
      .filter(({ message }) => pattern.test(message))
      .reduce((total, event) => total + event.count, 0);
  return { up: times(/^Scaled up/), down: times(/^Scaled down/) };
}
