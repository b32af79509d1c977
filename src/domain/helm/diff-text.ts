import { type FieldChange, fieldLines } from "#domain/text/field-diff.ts";
import { count } from "#domain/text/table.ts";
import { type ContentDiff, type ObjectChange, shownValues } from "./diff.ts";

/** Lines that a person can still read before saying yes. */
const MAX_LINES = 40;

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
