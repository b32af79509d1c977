import { quoted } from "#domain/text/untrusted.ts";
import { undoCall } from "./calls.ts";
import { waitingEvidence } from "./evidence.ts";
import type { Part, Patient, PodRule, Sign } from "./patient.ts";

/** Kubelet's own reasons for a container that it cannot make (pkg/kubelet/kuberuntime/kuberuntime_container.go). */
const REASONS: ReadonlySet<string> = new Set([
  "CreateContainerConfigError",
  "CreateContainerError",
]);

/** Told by other rules: what is missing, and a command that is not there. */
const OTHERS =
  /(?:configmap|secret) "[^"]+" not found|couldn't find key|no command specified|executable file not found/i;

/** A cache that is not yet filled, or a container's name that is not yet free, passes by itself. */
const PASSING =
  /failed to sync (?:configmap|secret) cache|is reserved for|context deadline exceeded/;

/** A container that may not or cannot be made as it is described, such as root where that is forbidden. */
export const configuration: PodRule = (patient) =>
  patient.parts
    .filter(({ status: { state } }) => {
      const { reason = "", message = "" } = state.waiting ?? {};
      return REASONS.has(reason) && !OTHERS.test(message) && !PASSING.test(message);
    })
    .map((part) => configurationSign(patient, part));

function configurationSign(patient: Patient, part: Part): Sign {
  const { message = "" } = part.status.state.waiting ?? {};
  return {
    cause: "config_error",
    confidence: "certain",
    about: part.spec.name,
    summary: `Container ${part.spec.name} cannot be created as it is described${message && `: ${quoted(withoutPod(message), 200)}`}.`,
    evidence: [waitingEvidence(patient, part)],
    since: patient.events.find((event) => event.reason === "Failed")?.firstAt,
    remedy: remedyOf(message),
    ...undoCall(patient),
  };
}

/** Kubelet adds the pod and the container in brackets. */
function withoutPod(message: string): string {
  return message.replace(/ \(pod: .*$/, "");
}

function remedyOf(message: string): string {
  if (/runAsNonRoot/.test(message)) {
    return "Set runAsUser to a number other than 0, or use an image whose user is such a number.";
  }
  return /subPath/.test(message)
    ? "Correct the subPath or the volume that it points into."
    : "Correct the named field in the pod template, or go back to the template before.";
}
