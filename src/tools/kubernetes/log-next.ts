import { count } from "#domain/text/table.ts";
import type { LogAnswer } from "./log-answer.ts";
import type { FoundPods } from "./log-pods.ts";
import type { Reading } from "./read-logs.ts";

export interface LogNext {
  readonly asked: {
    readonly grep?: string | undefined;
    readonly exclude?: string | undefined;
    readonly since?: string | undefined;
    readonly previous: boolean;
    readonly name: string;
  };
  readonly pods: FoundPods;
  readonly answer: LogAnswer;
  readonly readings: readonly Reading[];
  readonly skipped: readonly string[];
  readonly unread: number;
}

/** What was not read or not shown and how to get it, and where the reason may be instead. */
export function logNext(facts: LogNext): string {
  const parts = [
    emptyText(facts),
    failureText(facts),
    previousText(facts),
    killedText(facts),
    boundText(facts),
    hiddenText(facts),
    leftOutText(facts),
  ];
  return parts.filter((part) => part !== "").join(" ");
}

function emptyText({ asked, answer, readings, pods }: LogNext): string {
  if (answer.matched > 0) return "";
  if (readings.length === 0) return `The ${pods.target} has no pods: kubectl_get shows why.`;
  if (answer.read > 0) {
    const wider = "Case counts: (?i) at the beginning ignores it.";
    return `None of the ${count(answer.read, "line")} read matches. ${wider}`;
  }
  if (readings.every(({ source }) => source.container.waiting !== undefined)) {
    return "No container has started: kubectl_get with the pod's name, and its events, show why.";
  }
  return asked.since === undefined ? "" : "Leave since out to see what was written before.";
}

function failureText({ readings }: LogNext): string {
  const failures = readings.flatMap(({ failure }) => failure ?? []);
  const [first] = failures;
  if (!first) return "";
  return `${count(failures.length, "container")} could not be read to the end. ${first.hint}`;
}

/** A program that was restarted tells why it ended in the run before. */
function previousText({ asked, readings }: LogNext): string {
  if (asked.previous) return "";
  const restarted = readings.filter(
    ({ source }) => source.container.earlier && source.container.state.startsWith("running"),
  );
  const [first] = restarted;
  return first
    ? `${first.source.pod.metadata.name} was restarted: previous: true shows how the run before ended.`
    : "";
}

/** Who is killed has no last words. */
function killedText({ answer, readings }: LogNext): string {
  const killed = readings.some(({ source }) => source.container.state.includes("OOMKilled"));
  const said = (answer.levels.fatal ?? 0) + (answer.levels.error ?? 0) > 0;
  return killed && !said ? "OOMKilled ends a program from outside: its log need not tell." : "";
}

function boundText({ readings }: LogNext): string {
  const bounds = new Set(readings.map(({ bound }) => bound));
  if (bounds.has("tail")) return "Raise tail, or set grep, to reach older lines.";
  return bounds.has("bytes") || bounds.has("newest") ? "Lower tail to read the newest alone." : "";
}

function hiddenText({ answer }: LogNext): string {
  if (answer.lines_left_out === 0) return "";
  return `${count(answer.lines_left_out, "more entry", "more entries")} not shown: narrow with grep, exclude or since, or raise limit.`;
}

function leftOutText({ pods: { leftOut }, skipped, unread, asked }: LogNext): string {
  const pods =
    leftOut > 0
      ? `${count(leftOut, "pod")} of ${asked.name} not read, none of them sicker: name one to read it.`
      : "";
  const containers =
    skipped.length > 0
      ? `Not read, for nothing is wrong with them: ${skipped.slice(0, 8).join(", ")}.`
      : "";
  const more = unread > 0 ? `${count(unread, "container")} more not read: name a container.` : "";
  return [pods, more, containers].filter((part) => part !== "").join(" ");
}
