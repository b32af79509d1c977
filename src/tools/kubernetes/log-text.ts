import { count } from "#domain/text/table.ts";
import { quoted, untrustedBlock } from "#domain/text/untrusted.ts";
import type { Logs } from "./kubectl-logs.ts";
import { levelsText } from "./log-answer.ts";

/** The answer as a person reads it. */
export function logText(logs: Logs): string {
  return [
    headText(logs),
    sourcesText(logs, logs.grep !== "" || logs.exclude !== ""),
    patternsText(logs),
    linesText(logs),
    logs.next === "" ? "" : `Next: ${logs.next}`,
  ]
    .filter((part) => part !== "")
    .join("\n\n");
}

function headText({ target, namespace, previous, since, grep, exclude, ...logs }: Logs): string {
  const run = previous ? ", the run before" : "";
  const from = since === "" ? "" : ` since ${since}`;
  const asked = [
    grep === "" ? "" : `match ${quoted(grep)}`,
    exclude === "" ? "" : `${grep === "" ? "do not match" : "not"} ${quoted(exclude)}`,
  ].filter((part) => part !== "");
  const levels = logs.matched === 0 ? "" : `: ${levelsText(logs.levels)}`;
  const kept = asked.length === 0 ? "" : ` ${asked.join(", ")}`;
  return `The ${target} in namespace ${namespace}${run}: ${count(logs.read, "line")} read${from}, ${count(logs.matched, "entry", "entries")}${kept}${levels}.`;
}

function sourcesText({ sources, sources_left_out: rest }: Logs, chosen: boolean): string {
  const rows = sources.map(({ label, pod, container, state, read, matched, ...why }) => {
    const name = label === container ? `${pod}/${container}` : `${label}: ${pod}/${container}`;
    const counts = `${count(read, "line")}${chosen ? `, ${matched} matched` : ""}`;
    const message = why.message === "" ? "" : ` ${quoted(why.message)}`;
    return `- ${name} (${state}) ${counts}${why.note === "" ? "" : `. ${why.note}`}${message}`;
  });
  return [...rows, ...(rest > 0 ? [`- ${count(rest, "more container")}`] : [])].join("\n");
}

function patternsText({ patterns, patterns_left_out: rest }: Logs): string {
  if (patterns.length === 0) return "";
  const rows = patterns.map(({ level, template, example, ...times }) => {
    const spread = times.sources > 1 ? `, ${times.sources} containers` : "";
    const head = `${times.count}× ${level} (${times.first_at} to ${times.last_at}${spread}) ${template}`;
    return example === template ? head : `${head}\n    newest: ${indented(example)}`;
  });
  const more = rest > 0 ? `\n${count(rest, "more kind")}.` : "";
  return `Kinds of entries, the gravest first:\n${untrustedBlock("log patterns", rows)}${more}`;
}

function linesText({ lines, lines_left_out: rest, sources }: Logs): string {
  if (lines.length === 0) return "";
  const several = sources.length > 1;
  const rows = lines.map(
    ({ at, from, text }) => `${at}${several ? ` [${from}]` : ""} ${indented(text)}`,
  );
  const title = rest > 0 ? `The newest ${lines.length}, oldest first:` : "Oldest first:";
  return `${title}\n${untrustedBlock("container logs", rows)}`;
}

/** Further lines of an entry can never pass for entries of their own. */
function indented(text: string): string {
  return text.replaceAll("\n", "\n    | ");
}
