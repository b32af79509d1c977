import * as z from "zod";
import type { Digest, Pattern, ShownEntry } from "#domain/logs/digest.ts";
import { cleanText } from "#domain/text/redact.ts";
import { isoSeconds } from "#domain/text/time.ts";
import { withinTokens } from "#domain/text/tokens.ts";
import { clip } from "#domain/text/untrusted.ts";
import type { Reading } from "./read-logs.ts";

/** Shares of a default answer's tokens; asking for more entries raises that of the lines in proportion. */
const TOKENS = { sources: 420, patterns: 950, linesBesidePatterns: 500, lines: 1_350 };
const MAX_TEMPLATE = 200;
/** More never fit. */
const MOST_PATTERNS = 120;

export const logAnswerShape = {
  read: z.int().describe("Lines."),
  matched: z.int().describe("Entries; a stack trace is one."),
  levels: z.record(z.string(), z.int()),
  sources: z.array(
    z.object({
      label: z.string(),
      pod: z.string(),
      container: z.string(),
      state: z.string(),
      read: z.int(),
      matched: z.int(),
      note: z.string(),
      message: z.string().describe("Why it waits."),
    }),
  ),
  sources_left_out: z.int(),
  patterns: z
    .array(
      z.object({
        level: z.string(),
        template: z.string(),
        example: z.string(),
        count: z.int(),
        sources: z.int(),
        first_at: z.string(),
        last_at: z.string(),
      }),
    )
    .describe("When there are more entries than fit."),
  patterns_left_out: z.int(),
  lines: z
    .array(z.object({ at: z.string(), from: z.string(), level: z.string(), text: z.string() }))
    .describe("The newest, oldest first."),
  lines_left_out: z.int(),
};
const shape = z.object(logAnswerShape);
export type LogAnswer = z.output<typeof shape>;

/** What is told of the readings: all entries when they fit, else their patterns and the newest of them. */
export function logAnswer(
  readings: readonly Reading[],
  found: Digest,
  {
    limit,
    usual,
    since,
  }: { readonly limit: number; readonly usual: number; readonly since: string },
): LogAnswer {
  const scale = Math.max(1, limit / usual);
  const matched = sum(readings, (reading) => reading.matched);
  const entries = found.newest().slice(-limit);
  const all = newestWithin(entries, TOKENS.lines * scale);
  const whole = all.length === matched;
  const patterns = whole ? [] : found.patterns(MOST_PATTERNS);
  const told = withinTokens(patterns.map(patternRow), TOKENS.patterns * scale);
  const lines = whole ? all : newestWithin(entries, TOKENS.linesBesidePatterns * scale);
  const sources = withinTokens(
    readings.toSorted(tellingFirst).map((one) => sourceRow(one, since)),
    TOKENS.sources * scale,
  );
  return {
    read: sum(readings, (reading) => reading.lines),
    matched,
    levels: found.levels(),
    sources,
    sources_left_out: readings.length - sources.length,
    patterns: told,
    patterns_left_out: whole ? 0 : found.kinds() - told.length,
    lines: lines.map(lineRow),
    lines_left_out: matched - lines.length,
  };
}

function newestWithin(entries: readonly ShownEntry[], tokens: number): readonly ShownEntry[] {
  const rows = withinTokens(entries.toReversed().map(lineRow), tokens);
  return rows.length === 0 ? [] : entries.slice(-rows.length);
}

/** First what went wrong, then where something was found; else as they were read, the sick pods first. */
function tellingFirst(a: Reading, b: Reading): number {
  const weight = ({ failure, source, matched }: Reading) =>
    (failure ? 4 : 0) + (source.container.sick ? 2 : 0) + (matched > 0 ? 1 : 0);
  return weight(b) - weight(a);
}

function sourceRow(reading: Reading, since: string) {
  const { source, lines, matched } = reading;
  const { waiting, message } = source.container;
  return {
    label: source.label,
    pod: source.pod.metadata.name,
    container: source.container.name,
    state: source.container.state,
    read: lines,
    matched,
    note: [noteOf(reading, since), reading.bound ? bounds[reading.bound] : ""]
      .filter((part) => part !== "")
      .join(" "),
    message: waiting === undefined ? "" : clip(cleanText(message), MAX_TEMPLATE),
  };
}

/** Why there is nothing, or not all, of a container. */
function noteOf({ failure, lines, source, previous }: Reading, since: string): string {
  const { container } = source;
  if (failure) {
    const broke = lines > 0 ? "Broke off: " : "";
    return `${broke}${failure.code}: ${failure.message}`;
  }
  if (lines > 0) return "";
  if (previous && !container.earlier) return "No earlier run: it has not been restarted.";
  if (!previous && container.waiting !== undefined) return `Nothing to read: ${container.waiting}.`;
  return since === "" ? "It has written nothing." : `It has written nothing since ${since}.`;
}

const bounds: Readonly<Record<NonNullable<Reading["bound"]>, string>> = {
  tail: "Older lines left (tail).",
  bytes: "Older lines left (1 MiB).",
  newest: "The newest lines are larger than 1 MiB and were left.",
};

function patternRow({ level, template, example, count: times, sources, firstAt, lastAt }: Pattern) {
  return {
    level,
    template: clip(template, MAX_TEMPLATE),
    example,
    count: times,
    sources,
    first_at: firstAt ? isoSeconds(firstAt) : "",
    last_at: lastAt ? isoSeconds(lastAt) : "",
  };
}

function lineRow({ at, source, level, text }: ShownEntry) {
  return { at: at ? isoSeconds(at) : "", from: source, level, text };
}

/** `12 error, 3 warn`. */
export function levelsText(levels: LogAnswer["levels"]): string {
  return Object.entries(levels)
    .map(([level, times]) => `${times} ${level}`)
    .join(", ");
}

function sum<T>(all: readonly T[], of: (one: T) => number): number {
  return all.reduce((total, one) => total + of(one), 0);
}
