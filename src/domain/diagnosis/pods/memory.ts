import * as z from "zod";
import type { Evidence } from "#domain/diagnosis/finding.ts";
import { eventsOf } from "#domain/diagnosis/read-once.ts";
import type { KubeObject } from "#domain/kubernetes/object.ts";
import { conditionSchema } from "#domain/kubernetes/pod.ts";
import { MINUTE } from "#domain/window.ts";
import { nodesCall, resourcesCall, undoOr } from "./calls.ts";
import { exitEvidence } from "./evidence.ts";
import { firstSeen, type Part, type Patient, type Sign } from "./patient.ts";

/** SIGKILL: of the kernel, of kubelet, or of anybody else. */
const KILLED = 137;
/** How far apart the node's trouble and the kill may be. */
const NEAR = 10 * MINUTE;

/**
 * A container that the kernel killed for memory. Kubelet's reason is OOMKilled whoever ran out; the node did when
 * kubelet reports SystemOOM (pkg/kubelet/oom/oom_watcher_linux.go) or MemoryPressure of it, or when the container has
 * no limit that it could have exceeded.
 */
export function outOfMemory(patient: Patient, part: Part): Sign | undefined {
  const { failure, spec } = part;
  if (failure === undefined) return undefined;
  const node = nodeTrouble(patient, failure.finishedAt);
  const killed = failure.reason === "OOMKilled";
  const bySystem =
    failure.exitCode === KILLED && node.some(({ field }) => field.startsWith("event"));
  if (!killed && !bySystem) return undefined;
  const limit = spec.resources.limits.memory;
  const base = {
    about: spec.name,
    since: firstSeen(patient.events.filter(({ reason }) => reason === "BackOff")) ?? ended(part),
  };
  const evidence = [...exitEvidence(patient, part), ...limitEvidence(patient, part), ...node];
  return node.length > 0 || limit === undefined
    ? { ...base, ...byNode(patient, part, node.length > 0), evidence, ...nodesCall(patient) }
    : {
        ...base,
        ...byLimit(part, limit),
        evidence,
        ...undoOr(patient, base.since, resourcesCall(patient, spec.name)),
      };
}

function byLimit({ spec }: Part, limit: string) {
  return {
    cause: "oom_limit",
    confidence: "certain",
    summary: `Container ${spec.name} was killed because it used more memory than its limit of ${limit}.`,
    remedy:
      "If a new version needs or leaks more, go back to the one before; else raise the limit above its real peak.",
  } as const;
}

function byNode({ pod }: Patient, { spec }: Part, told: boolean) {
  return {
    cause: "oom_node",
    confidence: told ? "certain" : "likely",
    summary: `Container ${spec.name} was killed because node ${pod.spec.nodeName} ran out of memory${spec.resources.limits.memory === undefined ? "; the container has no memory limit" : ", not its own limit"}.`,
    remedy:
      "Set memory requests near real use so that the scheduler leaves room, and find what else fills the node.",
  } as const;
}

function ended({ failure }: Part): Date | undefined {
  return failure?.finishedAt ? new Date(failure.finishedAt) : undefined;
}

function limitEvidence({ name }: Patient, { spec }: Part): readonly Evidence[] {
  const { memory } = spec.resources.limits;
  const field = `spec.containers[${spec.name}].resources.limits.memory`;
  return [{ object: name, field, value: memory ?? "not set" }];
}

const nodeSchema = z.object({
  status: z.object({ conditions: z.array(conditionSchema).default([]) }).prefault({}),
});

/** What the pod's node says of its own memory around that time. */
function nodeTrouble(
  { pod, snapshot }: Patient,
  finishedAt: string | null | undefined,
): readonly Evidence[] {
  const { nodeName } = pod.spec;
  const at = Date.parse(finishedAt ?? "");
  const near = (time: Date) => Math.abs(time.getTime() - at) <= NEAR;
  const events = eventsOf(snapshot)
    .filter(
      ({ object, reason, lastAt }) =>
        object === `Node/${nodeName}` && reason === "SystemOOM" && near(lastAt),
    )
    .map(({ message, lastAt }) => ({
      object: `Node ${nodeName}`,
      field: "event SystemOOM",
      value: message,
      at: lastAt,
    }));
  return [...events, ...pressure(nodeName, snapshot.of("nodes"))].slice(0, 2);
}

function pressure(nodeName: string, nodes: readonly KubeObject[]): readonly Evidence[] {
  const node = nodes.find(({ metadata }) => metadata.name === nodeName);
  if (node === undefined) return [];
  return nodeSchema
    .parse(node)
    .status.conditions.filter(({ type, status }) => type === "MemoryPressure" && status === "True")
    .map(({ reason, lastTransitionTime }) => ({
      object: `Node ${nodeName}`,
      field: "status.conditions[MemoryPressure]",
      value: `True ${reason}`,
      ...(lastTransitionTime ? { at: new Date(lastTransitionTime) } : {}),
    }));
}
