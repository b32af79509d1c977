import { diffArrays } from "diff";
import type { Json } from "#domain/json.ts";
import { count } from "#domain/text/table.ts";
import { clip, quoted } from "#domain/text/untrusted.ts";
import { type ContentDiff, type ObjectChange, shownValues } from "./diff.ts";
import { type FieldChange, pathText } from "./fields.ts";

/** Lines that a person can still read before saying yes. */
const MAX_LINES = 40;
/** Characters of one value. */
const MAX_VALUE = 120;

/** The diff as an approver reads it: by object and field, at most 40 lines, saying what was left out. */
export function diffText(diff: ContentDiff): string {
  const sections = [...diff.objects.flatMap(objectLines), ...valueLines(diff.values)];
  const folded = diff.objects.filter((object) => object.folded > 0).length;
  const lines = [
    ...sections.slice(0, MAX_LINES),
    ...(sections.length > MAX_LINES
      ? [`… ${count(sections.length - MAX_LINES, "more line")}`]
      : []),
    ...(folded > 0
      ? [`Version labels and checksums of ${count(folded, "object")} differ too.`]
      : []),
  ];
  return lines.join("\n") || "No difference.";
}

function objectLines({ kind, name, change, fields }: ObjectChange): readonly string[] {
  if (change !== "changed") return [`${kind} ${name}: ${change}`];
  return fields.length === 0 ? [] : [`${kind} ${name}`, ...fields.flatMap(fieldLines)];
}

function valueLines(values: readonly FieldChange[]): readonly string[] {
  return values.length === 0 ? [] : ["Values", ...shownValues(values).flatMap(fieldLines)];
}

/** One change, indented; text of several lines by its lines. */
export function fieldLines({ path, before, after }: FieldChange): readonly string[] {
  const at = `  ${pathText(path)}:`;
  if (isBlock(before) || isBlock(after)) return [at, ...blockLines(before, after)];
  if (before === undefined) return [`${at} added ${shown(after)}`];
  if (after === undefined) return [`${at} removed (was ${shown(before)})`];
  const [was, is] = [shown(before), shown(after)];
  return [was === is ? `${at} changed` : `${at} ${was} → ${is}`];
}

function isBlock(value: Json | undefined): boolean {
  return typeof value === "string" && value.includes("\n");
}

function blockLines(before: Json | undefined, after: Json | undefined): readonly string[] {
  return diffArrays(linesOf(before), linesOf(after)).flatMap(({ added, removed, value }) => {
    const sign = added ? "+" : "-";
    return added || removed ? value.map((line) => `    ${sign} ${clip(line, MAX_VALUE)}`) : [];
  });
}

function linesOf(value: Json | undefined): string[] {
  return value === undefined
    ? []
    : `${typeof value === "string" ? value : shown(value)}`.split("\n");
}

/** A value on one line: plain words as they are, other text in quotes. */
export function shown(value: Json | undefined): string {
  if (value === undefined) return "nothing";
  if (typeof value !== "string") return clip(JSON.stringify(value), MAX_VALUE);
  return /^[\w./:@%()-]+$/.test(value) ? clip(value, MAX_VALUE) : quoted(value, MAX_VALUE);
}
