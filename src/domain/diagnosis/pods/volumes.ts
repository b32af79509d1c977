import { quoted } from "#domain/text/untrusted.ts";
import { getCall } from "./calls.ts";
import { eventEvidence } from "./evidence.ts";
import { isUnstarted, type Patient, type PodEvent, type PodRule, type Sign } from "./patient.ts";

/** The attach-detach controller's words (pkg/volume/util/operationexecutor/operation_generator.go). */
const MULTI = /Multi-Attach error for volume "([^"]+)"/;
/** Told by another rule. */
const CONFIG =
  /(?:configmap|secret) "[^"]+" not found|references non-existent|not registered|failed to sync/i;
/** Kubelet's summary of volumes that are still missing after two minutes: the reason is in another event. */
const WAITING = /unmounted volumes=|timed out waiting for the condition/;

/** Volumes that the node does not get: events FailedAttachVolume, FailedMount and FailedMapVolume of a pod that waits. */
export const volumes: PodRule = (patient) => {
  if (!isUnstarted(patient)) return [];
  const events = patient.events.filter(
    ({ reason, message }) =>
      /^Failed(?:AttachVolume|Mount|MapVolume)$/.test(reason) && !CONFIG.test(message),
  );
  const multi = events.find(({ message }) => MULTI.test(message));
  if (multi) return [multiSign(patient, multi)];
  const told = events.find(({ message }) => !WAITING.test(message));
  if (told) return [attachSign(patient, told)];
  const [waiting] = events;
  return waiting ? [{ ...attachSign(patient, waiting), confidence: "possible" }] : [];
};

function multiSign(patient: Patient, event: PodEvent): Sign {
  const [, volume = ""] = MULTI.exec(event.message) ?? [];
  return {
    cause: "multi_attach",
    confidence: "certain",
    about: volume,
    summary: `Volume ${quoted(volume, 120)} is still attached to another node than ${patient.pod.spec.nodeName}, and it can be attached to one only.`,
    evidence: [eventEvidence(patient, event)],
    since: event.firstAt,
    remedy:
      "End the pod that still holds the volume; after a lost node the detach takes up to six minutes. A Deployment with such a volume needs strategy Recreate.",
    ...getCall(patient, "volumeattachments"),
  };
}

function attachSign(patient: Patient, event: PodEvent): Sign {
  const [, volume = ""] = /volume "([^"]+)"/.exec(event.message) ?? [];
  return {
    cause: "volume_attach",
    confidence: "certain",
    about: volume,
    summary: `A volume cannot be attached or mounted on node ${patient.pod.spec.nodeName}: ${quoted(event.message, 200)}.`,
    evidence: [eventEvidence(patient, event)],
    since: event.firstAt,
    remedy:
      "Check the storage driver's pods on that node, its rights, and whether the volume still exists.",
    ...getCall(patient, "persistentvolumeclaims"),
  };
}
