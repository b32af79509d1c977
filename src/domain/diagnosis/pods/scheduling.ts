import type { Evidence } from "#domain/diagnosis/finding.ts";
import { claimNames } from "#domain/diagnosis/relations.ts";
import type { Condition } from "#domain/kubernetes/pod.ts";
import { controllerOf } from "#domain/kubernetes/workload.ts";
import { quoted } from "#domain/text/untrusted.ts";
import { getCall, nodesCall, podCall, resourcesCall, undoOr } from "./calls.ts";
import { conditionEvidence, eventEvidence } from "./evidence.ts";
import type { Patient, PodRule, Sign } from "./patient.ts";
import { cpuFigures, memoryFigures } from "./room-figures.ts";
import { type SchedulePart, scheduleParts } from "./schedule-parts.ts";

/** Pods that no node takes, or that are not yet offered to any. */
export const scheduling: PodRule = (patient) => {
  const { pod } = patient;
  if (pod.status.phase !== "Pending" || pod.metadata.deletionTimestamp) return [];
  const placed = pod.status.conditions.find(({ type }) => type === "PodScheduled");
  if (placed?.status === "True" || pod.spec.nodeName !== "") return [];
  if (placed?.reason === "SchedulingGated" || pod.spec.schedulingGates.length > 0) {
    return [gateSign(patient, placed)];
  }
  const [message, evidence] = refusal(patient, placed);
  const [first, ...others] = partsFor(patient, message);
  if (first === undefined) return [];
  const since = placed?.lastTransitionTime ? new Date(placed.lastTransitionTime) : undefined;
  const sign = (part: SchedulePart) => ({ ...placeSign(patient, part, since), evidence });
  const close = others.filter(
    ({ nodes, usual, cause }) => !usual && nodes * 2 > first.nodes && cause !== first.cause,
  );
  return [
    sign(first),
    ...close.map((part) => ({ ...sign(part), confidence: "possible" as const })),
  ];
};

function gateSign(patient: Patient, placed: Condition | undefined): Sign {
  const { pod, name } = patient;
  const gates = pod.spec.schedulingGates.map((gate) => gate.name);
  return {
    cause: "scheduling_gate",
    confidence: "certain",
    about: gates.join(" "),
    summary: `The pod is not scheduled until its scheduling gate ${gates.map((gate) => quoted(gate, 80)).join(", ")} is removed.`,
    evidence: [
      { object: name, field: "spec.schedulingGates", value: gates.join(", ") },
      ...(placed ? [conditionEvidence(patient, placed)] : []),
    ],
    since: placed?.lastTransitionTime ? new Date(placed.lastTransitionTime) : undefined,
    remedy:
      "Find the controller that set the gate (a queue, a quota system) and why it has not let the pod go.",
    ...podCall(patient),
  };
}

/** The scheduler's newest answer. */
function refusal(patient: Patient, placed: Condition | undefined): [string, readonly Evidence[]] {
  if (placed && placed.message !== "") {
    return [placed.message, [conditionEvidence(patient, placed)]];
  }
  const event = patient.events.find(({ reason }) => reason === "FailedScheduling");
  return event ? [event.message, [eventEvidence(patient, event)]] : ["", []];
}

/** A DaemonSet's pod is meant for one node: that it does not fit the others says nothing. */
function partsFor({ pod }: Patient, message: string): readonly SchedulePart[] {
  const parts = scheduleParts(message);
  const pinned = controllerOf(pod.metadata)?.kind === "DaemonSet";
  const telling = parts.filter(({ cause }) => cause !== "node_affinity");
  return pinned && telling.length > 0 ? telling : parts;
}

function placeSign(
  patient: Patient,
  part: SchedulePart,
  since: Date | undefined,
): Omit<Sign, "evidence"> {
  const { cause, nodes, text } = part;
  const figures = figuresOf(patient, cause);
  return {
    cause,
    confidence: ofVolume.has(cause) ? "likely" : "certain",
    about: text.replace(/^\d+ /, ""),
    summary: `No node takes the pod${nodes > 0 ? `, ${nodes} of them because of` : ":"} ${quoted(text.replace(/^\d+ /, ""), 160)}.${figures && ` ${figures}`}`,
    remedy: remedies[cause] ?? "Change what the pod asks for, or add a node that fits.",
    since,
    ...(ofVolume.has(cause) ? { affected: claimsOf(patient) } : {}),
    ...nextFor(patient, cause, since),
  };
}

/** The claim or the volume itself tells more, where it can be read. */
const ofVolume: ReadonlySet<string> = new Set(["unbound_claim", "volume_zone"]);

function claimsOf({ pod }: Patient): readonly string[] {
  const { namespace = "" } = pod.metadata;
  return claimNames(pod.spec).map((name) => `PersistentVolumeClaim ${namespace}/${name}`);
}

function figuresOf(patient: Patient, cause: Sign["cause"]): string {
  if (cause === "insufficient_cpu") return cpuFigures(patient);
  return cause === "insufficient_memory" ? memoryFigures(patient) : "";
}

function nextFor(
  patient: Patient,
  cause: Sign["cause"],
  since: Date | undefined,
): Pick<Sign, "next"> {
  const [part] = patient.pod.spec.containers;
  if ((cause === "insufficient_cpu" || cause === "insufficient_memory") && part) {
    return undoOr(patient, since, resourcesCall(patient, part.name));
  }
  return cause === "unbound_claim" || cause === "volume_zone"
    ? getCall(patient, "persistentvolumeclaims")
    : nodesCall(patient);
}

const remedies: Partial<Record<Sign["cause"], string>> = {
  insufficient_cpu:
    "Lower the pod's CPU request, add a node, or free room by scaling something else down.",
  insufficient_memory:
    "Lower the pod's memory request, add a node, or free room by scaling something else down.",
  too_many_pods: "Add a node, or raise the nodes' pod limit (on EKS: prefix delegation).",
  taint_not_tolerated:
    "Add the toleration if the pod may run there, remove the taint, or uncordon the node.",
  node_affinity: "Correct the pod's nodeSelector or affinity, or label a node so that it matches.",
  topology_spread:
    "Loosen the spread or anti-affinity (preferred, ScheduleAnyway), or add a node in the lacking zone.",
  unbound_claim:
    "See why the claim is not bound: its StorageClass, its provisioner, or a volume that fits.",
  volume_zone:
    "Add a node in the volume's zone, or restore the data to a volume where the nodes are.",
  volume_attach: "Add a node, or move volumes: the nodes have as many as their type allows.",
};
