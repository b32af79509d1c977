import type { Terminated } from "#domain/kubernetes/pod.ts";
import { duration } from "#domain/text/time.ts";

/** What an exit code says by itself. A shell, and so a container, ends with 128 and the signal that ended it. */
const MEANINGS: Readonly<Record<number, string>> = {
  0: "ended by itself, without an error",
  1: "an error of the application",
  2: "an error of the application, or a wrong use of a shell command",
  125: "the container runtime could not run the command",
  126: "the command is there and cannot be executed: a permission, or another architecture",
  127: "the command is not there",
  128: "the container could not be started",
  130: "interrupted (128 + SIGINT 2)",
  134: "aborted by itself (128 + SIGABRT 6)",
  137: "killed from outside (128 + SIGKILL 9): it did not stop in time, or somebody killed it",
  139: "segmentation fault (128 + SIGSEGV 11)",
  143: "asked to stop (128 + SIGTERM 15): by a rollout, an eviction or a failed liveness probe",
  255: "an error of the application, or the runtime lost the container",
};

/** What the kubelet's reason adds to the number. */
const REASONS: Readonly<Record<string, string>> = {
  OOMKilled:
    "killed by the kernel for memory (128 + SIGKILL 9): over its limit, or the node ran out",
  ContainerCannotRun: "the container runtime could not run the command",
  StartError: "the container runtime could not start the command",
  ContainerStatusUnknown: "the kubelet lost the container, as when its node went away",
};

/** Why a run ended, in words; empty for a number that says nothing. */
export function exitMeaning({ exitCode, signal, reason }: Terminated): string {
  const known = REASONS[reason] ?? MEANINGS[exitCode];
  if (known !== undefined) return known;
  const number = signal || (exitCode > 128 && exitCode <= 192 ? exitCode - 128 : 0);
  return number > 0 ? `ended by signal ${number}` : "an error of the application";
}

/** `exit 137 OOMKilled 3m ago after 40s: killed by the kernel for memory …`. */
export function exitText(ended: Terminated, now: Date): string {
  const { exitCode, reason, startedAt, finishedAt } = ended;
  const ago = finishedAt ? `${between(finishedAt, now.toISOString())} ago` : "";
  const ran = startedAt && finishedAt ? `after ${between(startedAt, finishedAt)}` : "";
  const words = [`exit ${exitCode}`, reason, ago, ran].filter((part) => part !== "").join(" ");
  return `${words}: ${exitMeaning(ended)}`;
}

function between(from: string, to: string): string {
  return duration(new Date(to).getTime() - new Date(from).getTime());
}
