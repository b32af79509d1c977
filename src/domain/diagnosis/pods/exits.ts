import { quoted } from "#domain/text/untrusted.ts";
import { logsCall, serviceCall, undoCall, undoOr } from "./calls.ts";
import { exitEvidence, lineEvidence } from "./evidence.ts";
import { killedByProbe } from "./liveness.ts";
import { outOfMemory } from "./memory.ts";
import { namedService, nameSign } from "./names.ts";
import { firstSeen, type Part, type Patient, type PodRule, type Sign } from "./patient.ts";
import { unstartable } from "./starts.ts";
import {
  dependencyLines,
  formatLines,
  isLockedOut,
  lastWords,
  reasonOfEnd,
  resolverLines,
  unresolvedName,
} from "./words.ts";

/** Why a container ended, the surest signs first: each container is told of once. */
export const exits: PodRule = (patient) =>
  patient.parts.flatMap((part) => {
    const certain =
      unstartable(patient, part) ?? outOfMemory(patient, part) ?? killedByProbe(patient, part);
    if (certain) return [certain];
    return part.failure === undefined ? [] : byItself(patient, part);
  });

function byItself(patient: Patient, part: Part): readonly Sign[] {
  const wrong = formatLines(part.lines);
  if (wrong.length > 0) return [architectureSign(patient, part, wrong)];
  const outside = byNames(patient, part) ?? byDependency(patient, part);
  if (!part.init) return outside ?? [exitSign(patient, part)];
  const lesser = (outside ?? []).map((sign) => ({ ...sign, confidence: "possible" as const }));
  return [initSign(patient, part), ...lesser];
}

function byNames(patient: Patient, part: Part): readonly Sign[] | undefined {
  const lines = resolverLines(part.lines);
  if (!lines.includes(reasonOfEnd(part.lines) ?? "")) return undefined;
  const signs = nameSign(patient, part, lines);
  return signs.length > 0 ? signs : [dependencySign(patient, part, lines)];
}

function byDependency(patient: Patient, part: Part): readonly Sign[] | undefined {
  const lines = dependencyLines(part.lines);
  const decided = lines.includes(reasonOfEnd(part.lines) ?? "");
  return decided ? [dependencySign(patient, part, lines)] : undefined;
}

function endOf(patient: Patient, part: Part) {
  const restarts = patient.events.filter(({ reason }) => reason === "BackOff");
  const { finishedAt } = part.failure ?? {};
  return {
    about: part.spec.name,
    since: firstSeen(restarts) ?? (finishedAt ? new Date(finishedAt) : undefined),
  };
}

function architectureSign(patient: Patient, part: Part, lines: readonly string[]): Sign {
  return {
    ...endOf(patient, part),
    cause: "image_architecture",
    confidence: "certain",
    summary: `Container ${part.spec.name} holds a program of another architecture than node ${patient.pod.spec.nodeName} has.`,
    evidence: [...lineEvidence(patient, part, lines), ...exitEvidence(patient, part)],
    remedy:
      "Publish the image for the node's architecture, or place the pod on nodes of the image's.",
    ...undoCall(patient),
  };
}

function dependencySign(patient: Patient, part: Part, lines: readonly string[]): Sign {
  const last = lines.at(-1) ?? "";
  const service = namedService(patient, last);
  return {
    ...endOf(patient, part),
    cause: "failing_dependency",
    confidence: "likely",
    summary: `Container ${part.spec.name} ends because ${dependencyText(last, service)}: ${quoted(last, 160)}.`,
    evidence: [...lineEvidence(patient, part, lines), ...exitEvidence(patient, part)],
    remedy: isLockedOut(last)
      ? "Check the credentials that the container gets, and whether they were changed on the other side."
      : "Mend the dependency; restarting this workload does not help.",
    ...(service ? serviceCall(patient, service) : logsCall(patient, part)),
  };
}

function dependencyText(line: string, service: string | undefined): string {
  const name = unresolvedName(line);
  if (service === undefined && name !== undefined)
    return `there is no Service ${quoted(name, 100)}`;
  const who = service === undefined ? "a dependency" : `Service ${service}`;
  return isLockedOut(line) ? `${who} does not let it in` : `${who} does not answer`;
}

function initSign(patient: Patient, part: Part): Sign {
  return {
    ...endOf(patient, part),
    cause: "init_container_failed",
    confidence: "certain",
    summary: `Init container ${part.spec.name} fails ${codeText(part)}, so the pod's containers do not start.`,
    evidence: [
      ...exitEvidence(patient, part),
      ...lineEvidence(patient, part, lastWords(part.lines)),
    ],
    remedy: "Read the init container's log and mend what it waits for or runs.",
    ...logsCall(patient, part),
  };
}

function exitSign(patient: Patient, part: Part): Sign {
  const end = endOf(patient, part);
  const words = lastWords(part.lines);
  const last = words.at(-1);
  return {
    ...end,
    cause: "app_exit",
    confidence: words.length > 0 ? "certain" : "likely",
    summary: `Container ${part.spec.name} ends by itself ${codeText(part)} and was restarted ${part.status.restartCount} times${last === undefined ? "" : `; its last words: ${quoted(last, 160)}`}.`,
    evidence: [...exitEvidence(patient, part), ...lineEvidence(patient, part, words)],
    remedy:
      part.failure?.exitCode === 0
        ? "A container of this workload has to keep running: check its command, or make it a Job."
        : "Read the log of the failed run; if it began with a new version, go back to the one before.",
    ...undoOr(patient, end.since, logsCall(patient, part)),
  };
}

function codeText({ failure }: Part): string {
  const { exitCode = 0 } = failure ?? {};
  return `with exit code ${exitCode}${meanings[exitCode] ?? ""}`;
}

/** What the number says by itself: shells add 128 to the signal's. */
const meanings: Readonly<Record<number, string>> = {
  0: " (done)",
  134: " (aborted)",
  137: " (killed, not for memory)",
  139: " (segmentation fault)",
  143: " (asked to stop)",
};
