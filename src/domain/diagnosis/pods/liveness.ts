import { graceSeconds, probeText } from "#domain/kubernetes/probe.ts";
import { duration } from "#domain/text/time.ts";
import { MINUTE, SECOND } from "#domain/window.ts";
import { logsCall, undoOr } from "./calls.ts";
import { eventEvidence, exitEvidence } from "./evidence.ts";
import { firstSeen, type Part, type Patient, type PodEvent, type Sign } from "./patient.ts";

/** How long a kill by a probe tells of the present. */
const RECENT = 30 * MINUTE;
/** Ends by kubelet's SIGTERM, and by the SIGKILL that follows when the grace period is over. */
const STOPPED: readonly number[] = [137, 143];

/**
 * A container that kubelet restarts because its liveness or startup probe fails: event Killing "Container app failed
 * liveness probe, will be restarted" (pkg/kubelet/kuberuntime/kuberuntime_manager.go), or failing probes before an end by
 * SIGTERM or SIGKILL.
 */
export function killedByProbe(patient: Patient, part: Part): Sign | undefined {
  const { status, failure, spec } = part;
  const own = patient.events.filter(
    ({ container, lastAt }) =>
      (container === "" || container === spec.name) && age(patient, lastAt) < RECENT,
  );
  const kill = own.find(({ reason, message }) => reason === "Killing" && PROBE_KILL.test(message));
  const failing = own.find(({ reason, message }) => reason === "Unhealthy" && PROBE.test(message));
  const stopped = failure !== undefined && STOPPED.includes(failure.exitCode);
  const told = kill ?? (stopped ? failing : undefined);
  if (told === undefined || status.restartCount === 0) return undefined;
  const events = [kill, failing].filter((event) => event !== undefined);
  return probeSign(patient, part, events);
}

const PROBE_KILL = /failed (?:liveness|startup) probe, will be restarted/;
const PROBE = /^(?:Liveness|Startup) probe (?:failed|errored)/;

function age({ snapshot }: Patient, at: Date): number {
  return snapshot.now.getTime() - at.getTime();
}

function probeSign(patient: Patient, part: Part, events: readonly PodEvent[]): Sign {
  const { spec, status } = part;
  const startup = events.some(({ message }) => /startup probe/i.test(message));
  const word = startup ? "startup" : "liveness";
  const probe = startup ? spec.startupProbe : spec.livenessProbe;
  const allowed = probe ? ` The probe allows ${graceSeconds(probe)} s after a start` : "";
  const lived = livedText(part);
  return {
    cause: "liveness_probe",
    confidence: events.some(({ reason }) => reason === "Killing") ? "certain" : "likely",
    about: spec.name,
    summary: `Container ${spec.name} was restarted ${status.restartCount} times because its ${word} probe fails.${allowed}${allowed && (lived ? `; the last run took ${lived}.` : ".")}`,
    evidence: [
      ...events.map((event) => eventEvidence(patient, event)),
      ...(probe
        ? [
            {
              object: patient.name,
              field: `spec.containers[${spec.name}].${word}Probe`,
              value: probeText(probe),
            },
          ]
        : []),
      ...exitEvidence(patient, part),
    ],
    since: firstSeen(events),
    remedy:
      "If it only starts slowly, add a startupProbe or raise failureThreshold; if it hangs, read its logs. Keep other services out of the probe.",
    ...undoOr(patient, firstSeen(events), logsCall(patient, part)),
  };
}

function livedText({ failure }: Part): string {
  const lived = Date.parse(failure?.finishedAt ?? "") - Date.parse(failure?.startedAt ?? "");
  return lived > SECOND ? duration(lived) : "";
}
