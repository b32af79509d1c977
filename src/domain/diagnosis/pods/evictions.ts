import { HOUR } from "#domain/window.ts";
import { nodesCall } from "./calls.ts";
import type { Patient, PodRule } from "./patient.ts";

/** An older eviction tells nothing of how things are now. */
const RECENT = HOUR;

/**
 * Pods that kubelet's eviction manager ended (pkg/kubelet/eviction/helpers.go): phase Failed, reason Evicted, "The node
 * was low on resource: …" or "Pod ephemeral local storage usage exceeds the total limit of containers …".
 */
export const evictions: PodRule = (patient) => {
  const { pod, name, snapshot } = patient;
  const { phase, reason, message } = pod.status;
  const at = evictedAt(patient);
  if (phase !== "Failed" || reason !== "Evicted") return [];
  if (at === undefined || snapshot.now.getTime() - at.getTime() > RECENT) return [];
  const [, resource] = /low on resource: ([\w.-]+?)\.? /.exec(`${message} `) ?? [];
  const own = /exceeds the total limit|usage of EmptyDir|exceeds its limit/.test(message);
  const why = own
    ? "it used more storage than its own limit"
    : `the node was short of ${resource ?? "a resource"}`;
  return [
    {
      cause: "evicted",
      confidence: "certain",
      about: own ? "limit" : (resource ?? "node"),
      summary: `${name} was evicted from node ${pod.spec.nodeName}: ${why}.`,
      evidence: [
        { object: name, field: "status.message", value: message === "" ? reason : message, at },
      ],
      since: at,
      remedy: own
        ? "Raise the limit or the volume's size limit, or write less to the container's disk."
        : "Set requests near what the pod really uses, and find who fills the node.",
      ...nodesCall(patient),
    },
  ];
};

function evictedAt({ pod, events }: Patient): Date | undefined {
  const told = events.find(({ reason }) => reason === "Evicted")?.lastAt;
  const condition = pod.status.conditions.find(({ type }) => type === "DisruptionTarget");
  const ended = pod.status.containerStatuses.flatMap(
    ({ state }) => state.terminated?.finishedAt ?? [],
  );
  const known =
    condition?.lastTransitionTime ??
    ended[0] ??
    pod.status.conditions.find(({ type }) => type === "Ready")?.lastTransitionTime;
  return told ?? (known ? new Date(known) : undefined);
}
