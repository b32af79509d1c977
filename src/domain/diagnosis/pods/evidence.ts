import type { Evidence } from "#domain/diagnosis/finding.ts";
import type { Condition } from "#domain/kubernetes/pod.ts";
import { clip } from "#domain/text/untrusted.ts";
import type { Part, Patient, PodEvent } from "./patient.ts";

/** Longest text that is quoted as evidence. */
const MOST = 300;

function at(time: string | null | undefined): { readonly at?: Date } {
  return time ? { at: new Date(time) } : {};
}

export function statusField({ init }: Part): string {
  return init ? "status.initContainerStatuses" : "status.containerStatuses";
}

export function waitingEvidence({ name }: Patient, part: Part): Evidence {
  const { reason, message } = part.status.state.waiting ?? { reason: "", message: "" };
  const value = message === "" ? reason : `${reason}: ${clip(message, MOST)}`;
  return { object: name, field: `${statusField(part)}[${part.spec.name}].state.waiting`, value };
}

/** How the failed run ended. */
export function exitEvidence({ name }: Patient, part: Part): readonly Evidence[] {
  const { failure, status, spec } = part;
  if (failure === undefined) return [];
  const state = status.state.terminated === failure ? "state" : "lastState";
  const { exitCode, reason, message, finishedAt } = failure;
  const words = [reason, message].filter((text) => text !== "").join(": ");
  const value = `exit code ${exitCode}${words && `, ${clip(words, MOST)}`}, ${status.restartCount} restarts`;
  const field = `${statusField(part)}[${spec.name}].${state}.terminated`;
  return [{ object: name, field, value, ...at(finishedAt) }];
}

export function eventEvidence({ name }: Patient, event: PodEvent): Evidence {
  const times = event.count > 1 ? ` (${event.count} times)` : "";
  return {
    object: name,
    field: `event ${event.reason}`,
    value: `${clip(event.message, MOST)}${times}`,
    at: event.lastAt,
  };
}

export function conditionEvidence({ name }: Patient, condition: Condition): Evidence {
  const { type, status, reason, message, lastTransitionTime } = condition;
  const value = [status, reason, clip(message, MOST)].filter((text) => text !== "").join(" ");
  return { object: name, field: `status.conditions[${type}]`, value, ...at(lastTransitionTime) };
}

/** Lines of a container that tell of the fault, the newest few. */
export function lineEvidence(
  { name }: Patient,
  { spec }: Part,
  lines: readonly string[],
): readonly Evidence[] {
  return lines.slice(-2).map((line) => ({
    object: name,
    field: `log of container ${spec.name}`,
    value: clip(line, MOST),
  }));
}
