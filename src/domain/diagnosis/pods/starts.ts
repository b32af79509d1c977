import { quoted } from "#domain/text/untrusted.ts";
import { resourcesCall, undoCall } from "./calls.ts";
import { exitEvidence, lineEvidence, waitingEvidence } from "./evidence.ts";
import { firstSeen, type Part, type Patient, type Sign } from "./patient.ts";
import { lastWords } from "./words.ts";

/** Reasons of a container that never ran: of containerd, of Docker, and of kubelet. */
const NEVER: ReadonlySet<string> = new Set([
  "StartError",
  "ContainerCannotRun",
  "RunContainerError",
]);

/** Exit codes of shells and of runtimes: found but not executable, and not found. */
const NOT_EXECUTABLE = 126;
const NOT_FOUND = 127;

/**
 * A container whose command cannot be started: "exec: "/app/run": executable file not found in $PATH" and the like, of
 * runc through containerd as StartError with code 128, or the exit codes 126 and 127 of a shell.
 */
export function unstartable(patient: Patient, part: Part): Sign | undefined {
  if (!neverRan(part) && !isShellsRefusal(part)) return undefined;
  const { failure, status, spec } = part;
  const { waiting } = status.state;
  const words = lastWords(part.lines);
  const text = failure?.message || (neverRan(part) ? waiting?.message : words.at(-1)) || "";
  const kind = kindOf(text);
  const said = text === "" ? `exit code ${failure?.exitCode}` : quoted(shortened(text), 200);
  return {
    cause: kind,
    confidence: neverRan(part) ? "certain" : "likely",
    about: spec.name,
    summary: `${summaries[kind](spec.name)}: ${said}.`,
    evidence: [
      ...exitEvidence(patient, part),
      ...(waiting ? [waitingEvidence(patient, part)] : []),
      ...lineEvidence(patient, part, words),
    ],
    since: firstSeen(patient.events.filter(({ reason }) => /^(?:Failed|BackOff)$/.test(reason))),
    remedy: remedies[kind],
    ...(kind === "oom_limit" ? resourcesCall(patient, spec.name) : undoCall(patient)),
  };
}

function neverRan({ failure, status }: Part): boolean {
  const { reason = "", message = "" } = status.state.waiting ?? {};
  return (
    NEVER.has(failure?.reason ?? "") || NEVER.has(reason) || /no command specified/.test(message)
  );
}

function isShellsRefusal({ failure, init }: Part): boolean {
  return !init && (failure?.exitCode === NOT_EXECUTABLE || failure?.exitCode === NOT_FOUND);
}

type Kind = "image_architecture" | "oom_limit" | "config_error" | "bad_command";

function kindOf(text: string): Kind {
  if (/exec format error/.test(text)) return "image_architecture";
  if (/OOM-killed|memory limit too low/i.test(text)) return "oom_limit";
  return /error mounting|failed to create new parent process|seccomp|apparmor|capset/i.test(text)
    ? "config_error"
    : "bad_command";
}

/** The runtime tells its own layers first. */
function shortened(text: string): string {
  return text.replace(
    /^.*unable to start container process: (?:error during container init: )?/s,
    "",
  );
}

const summaries: Readonly<Record<Kind, (name: string) => string>> = {
  image_architecture: (name) =>
    `Container ${name} holds a program of another architecture than the node's`,
  oom_limit: (name) => `Container ${name} has too little memory to start at all`,
  config_error: (name) => `Container ${name} cannot be set up as it is described`,
  bad_command: (name) => `The command of container ${name} cannot be started`,
};

const remedies: Readonly<Record<Kind, string>> = {
  image_architecture:
    "Publish the image for the node's architecture, or place the pod on nodes of the image's.",
  oom_limit: "Raise the container's memory limit.",
  config_error:
    "Correct the mount or the security settings named, or go back to the template before.",
  bad_command:
    "Correct command and args in the pod template, or use an image that holds the program.",
};
