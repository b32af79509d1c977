import { graceSeconds, probePort, probeText } from "#domain/kubernetes/probe.ts";
import { duration } from "#domain/text/time.ts";
import { quoted } from "#domain/text/untrusted.ts";
import { MINUTE, SECOND } from "#domain/window.ts";
import { logsCall, undoCall } from "./calls.ts";
import { eventEvidence, lineEvidence } from "./evidence.ts";
import {
  firstSeen,
  type Part,
  type Patient,
  type PodEvent,
  type PodRule,
  type Sign,
} from "./patient.ts";
import { dependencyLines } from "./words.ts";

/** Longer than most applications take to start. */
const YOUNG = 5 * MINUTE;
/** Kubelet repeats the event while the probe fails; an older one is of another time. */
const RECENT = 15 * MINUTE;

/** Containers that run and are not ready: what their readiness or startup probe answers (pkg/probe). */
export const readiness: PodRule = (patient) => {
  if (patient.pod.metadata.deletionTimestamp) return [];
  return patient.parts
    .filter(
      ({ init, status, failure }) =>
        !init && failure === undefined && status.state.running && !status.ready,
    )
    .flatMap((part) => {
      const failing = failingProbes(patient, part);
      const [newest] = failing;
      return newest ? [probeSign(patient, part, newest, failing)] : [];
    });
};

const PROBE = /^(Readiness|Startup) probe (?:failed|errored)[^:]*: ?(.*)$/s;

function failingProbes(patient: Patient, { spec, status }: Part): readonly PodEvent[] {
  const started = Date.parse(status.state.running?.startedAt ?? "") || 0;
  return patient.events.filter(
    ({ reason, message, container, lastAt }) =>
      reason === "Unhealthy" &&
      PROBE.test(message) &&
      (container === "" || container === spec.name) &&
      lastAt.getTime() >= started &&
      patient.snapshot.now.getTime() - lastAt.getTime() < RECENT,
  );
}

type Verdict = Pick<Sign, "cause" | "confidence" | "remedy"> & { readonly why: string };

function probeSign(
  patient: Patient,
  part: Part,
  event: PodEvent,
  failing: readonly PodEvent[],
): Sign {
  const { spec } = part;
  const [, sort = "Readiness", answer = ""] = PROBE.exec(event.message) ?? [];
  const verdict = verdictOf(patient, part, answer);
  const { why, ...rest } = verdict;
  const dependency = rest.cause === "readiness_dependency" ? dependencyLines(part.lines) : [];
  return {
    ...rest,
    about: spec.name,
    summary: `Container ${spec.name} runs and is not ready: its ${sort.toLowerCase()} probe ${why}.`,
    evidence: [
      eventEvidence(patient, event),
      ...probeEvidence(patient, part),
      ...lineEvidence(patient, part, dependency),
    ],
    since: firstSeen(failing),
    ...(rest.cause === "readiness_dependency" || rest.cause === "slow_start"
      ? logsCall(patient, part)
      : undoCall(patient)),
  };
}

function verdictOf(patient: Patient, part: Part, answer: string): Verdict {
  const [, code] = /statuscode: (\d+)/.exec(answer) ?? [];
  if (code?.startsWith("4")) return pathVerdict(part, code);
  if (isRefused(answer)) return portVerdict(patient, part);
  return startsYet(patient, part)
    ? slowVerdict(patient, part)
    : dependencyVerdict(part, answer, code);
}

function isRefused(answer: string): boolean {
  return /connection refused|no route to host|service unhealthy|server gave HTTP response to HTTPS|malformed HTTP/.test(
    answer,
  );
}

function probeOf({ spec, status }: Part) {
  const starting = status.started === false && spec.startupProbe;
  return starting || (spec.readinessProbe ?? spec.startupProbe);
}

function pathVerdict(part: Part, code: string): Verdict {
  const path = probeOf(part)?.httpGet?.path ?? "";
  return {
    cause: "readiness_path",
    confidence: "certain",
    why: `asks for ${path === "" ? "a path" : quoted(path, 100)} and is answered ${code}`,
    remedy:
      "Correct the probe's path (or let it in without credentials), or go back to the version that had it.",
  };
}

/** Nobody listens: yet, when the container is young; ever, when it is not or says itself that it listens elsewhere. */
function portVerdict(patient: Patient, part: Part): Verdict {
  const probe = probeOf(part);
  const port = probe && probePort(probe);
  const declared = part.spec.ports.flatMap(({ containerPort, name }) => [containerPort, name]);
  const elsewhere = port !== undefined && part.spec.ports.length > 0 && !declared.includes(port);
  const listening = listeningPorts(part.lines);
  const contradicted =
    typeof port === "number" && listening.length > 0 && !listening.includes(port);
  if (!elsewhere && !contradicted && startsYet(patient, part)) return slowVerdict(patient, part);
  const known = contradicted
    ? `; it says that it listens on ${listening.join(", ")}`
    : elsewhere
      ? `; the container declares ${part.spec.ports.map(({ containerPort }) => containerPort).join(", ")}`
      : "";
  return {
    cause: "readiness_port",
    confidence: elsewhere || contradicted ? "certain" : "likely",
    why: `asks port ${port ?? "?"} and nobody listens there${known}`,
    remedy: "Correct the probe's port, or let the application listen on it.",
  };
}

/** Ports that the application itself says it listens on. */
function listeningPorts(lines: readonly string[]): readonly number[] {
  return lines.flatMap((line) => {
    const [, port] =
      /(?:listening|serving|started|running|bound)\b.*?(?:port[ =:]+|:)(\d{2,5})\b/i.exec(line) ??
      [];
    return port === undefined ? [] : [Number(port)];
  });
}

/** Whether the container may simply not be done with its start. */
function startsYet(patient: Patient, part: Part): boolean {
  return runningFor(patient, part) < YOUNG || part.status.started === false;
}

function runningFor({ snapshot }: Patient, { status }: Part): number {
  return snapshot.now.getTime() - Date.parse(status.state.running?.startedAt ?? "");
}

function slowVerdict(patient: Patient, part: Part): Verdict {
  const probe = probeOf(part);
  const allowed = probe ? ` (the probe allows ${duration(graceSeconds(probe) * SECOND)})` : "";
  return {
    cause: "slow_start",
    confidence: "likely",
    why: `gets no good answer ${duration(runningFor(patient, part))} after the start${allowed}`,
    remedy:
      "Wait for the start if it usually takes this long; give it a startupProbe. If it never ends, read its logs.",
  };
}

/** A server error or silence tells of something behind; a command that fails may mean anything. */
function dependencyVerdict(part: Part, answer: string, code: string | undefined): Verdict {
  const slow = /deadline exceeded|Client\.Timeout|timed? ?out|timeout/i.test(answer);
  const told = slow || code !== undefined || dependencyLines([answer, ...part.lines]).length > 0;
  return {
    cause: "readiness_dependency",
    confidence: told ? "likely" : "possible",
    why: `${answerText(answer, code, slow)}; something that it checks or waits for may have failed`,
    remedy:
      "Read the container's logs for what it waits for; do not restart it before that is well.",
  };
}

function answerText(answer: string, code: string | undefined, slow: boolean): string {
  if (slow) return "gets no answer in time";
  if (code !== undefined) return `is answered ${code}`;
  return answer === "" ? "fails without a word" : `is answered ${quoted(answer, 120)}`;
}

function probeEvidence({ name }: Patient, part: Part) {
  const probe = probeOf(part);
  if (probe === undefined) return [];
  const field = `spec.containers[${part.spec.name}].${probe === part.spec.startupProbe ? "startupProbe" : "readinessProbe"}`;
  return [{ object: name, field, value: probeText(probe) }];
}
