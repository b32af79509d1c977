import type { Cause } from "#domain/diagnosis/cause.ts";
import { quoted } from "#domain/text/untrusted.ts";
import { getCall, undoCall } from "./calls.ts";
import { eventEvidence, waitingEvidence } from "./evidence.ts";
import {
  firstSeen,
  type Part,
  type Patient,
  type PodEvent,
  type PodRule,
  type Sign,
} from "./patient.ts";

/** Kubelet's reasons for an image that it does not get (pkg/kubelet/images/types.go). */
const REASONS: ReadonlySet<string> = new Set([
  "ErrImagePull",
  "ImagePullBackOff",
  "InvalidImageName",
  "ErrImageNeverPull",
  "ImageInspectError",
  "RegistryUnavailable",
  "SignatureValidationFailed",
]);

/**
 * Words of containerd, CRI-O, Docker and registries. The order matters: containerd says "not found" of a missing
 * platform too, and registries that hide what exists say "does not exist or may require authorization".
 */
const WORDS: readonly (readonly [keyof typeof why & Cause, RegExp])[] = [
  [
    "image_architecture",
    /no match(?:ing manifest)? for (?:current )?(?:platform|\S+\/\S+)|no (?:image found|matching manifest).* (?:architecture|in the manifest list)|exec format error/i,
  ],
  [
    "image_auth",
    /unauthori[sz]ed|authori[sz]ation failed|failed to authorize|authentication required|no basic auth credentials|access denied|access to the resource is denied|40[13] (?:Forbidden|Unauthorized)|status code 40[13]|status: 40[13]|authorization token has expired|invalid username\/password|failed to fetch (?:oauth|anonymous) token|insufficient_scope|^denied|: denied/i,
  ],
  [
    "image_not_found",
    /not found|manifest unknown|name unknown|does not exist|invalid reference format|couldn't parse image|InvalidImageName|ErrImageNeverPull|no such host/i,
  ],
];

export const images: PodRule = (patient) =>
  patient.parts
    .filter(({ status }) => REASONS.has(status.state.waiting?.reason ?? ""))
    .map((part) => imageSign(patient, part));

function imageSign(patient: Patient, part: Part): Sign {
  const { image, name } = part.spec;
  const { reason = "", message = "" } = part.status.state.waiting ?? {};
  const events = failedPulls(patient, part);
  const said = [`${reason}: ${message}`, ...events.map((event) => event.message)];
  const cause = WORDS.find(([, words]) => said.some((text) => words.test(text)))?.[0];
  return {
    cause: cause ?? "image_not_found",
    confidence: cause === undefined ? "possible" : sureness(said),
    about: image,
    summary: `Image ${quoted(image, 200)} of container ${name} cannot be pulled: ${why[cause ?? "unknown"]}.`,
    evidence: [
      waitingEvidence(patient, part),
      ...events.slice(0, 1).map((event) => eventEvidence(patient, event)),
    ],
    since: firstSeen(events),
    remedy: remedies[cause ?? "unknown"],
    ...(cause === "image_auth" ? getCall(patient, "serviceaccounts") : undoCall(patient)),
  };
}

function failedPulls({ events }: Patient, { spec }: Part): readonly PodEvent[] {
  return events.filter(
    ({ reason, message, container }) =>
      reason === "Failed" &&
      (container === "" || container === spec.name) &&
      message.includes(`pull image "${spec.image}"`),
  );
}

/** Docker Hub answers the same for a name that does not exist and for one that is private. */
function sureness(said: readonly string[]): Sign["confidence"] {
  return said.some((text) => text.includes("does not exist or may require")) ? "likely" : "certain";
}

const why = {
  image_architecture: "it is not built for the node's architecture",
  image_auth: "the registry refuses the credentials, or hides that the name does not exist",
  image_not_found: "the registry has no such name or tag",
  unknown: "the registry's answer is not known",
} as const;

const remedies = {
  image_architecture:
    "Publish the image for the node's architecture, or place the pod on nodes of the image's architecture.",
  image_auth:
    "Renew the pull secret that the pod or its service account names; check the image's name if the registry is public.",
  image_not_found: "Correct the image's name or tag, or go back to the template before.",
  unknown: "Read the pod's events for the registry's answer, and check the image's name and tag.",
} as const;
