import { fieldLines } from "#domain/text/field-diff.ts";
import { approximateTokens } from "#domain/text/tokens.ts";
import { type ContentDiff, type ObjectChange, shownValues } from "./diff.ts";

/** What differs, as short lines: of the values, and of each object. */
export interface DiffRows {
  readonly values: readonly string[];
  readonly objects: readonly ObjectRow[];
  /** Version labels and checksums that differ too. */
  readonly noise: number;
  /** Lines for which there was no room. */
  readonly leftOut: number;
}

export interface ObjectRow extends Pick<ObjectChange, "kind" | "name" | "change"> {
  readonly lines: readonly string[];
}

/** Lines of one object or of the values that are shown at most. */
const MAX_LINES = 12;

/** The differences within so many tokens. An object of which nothing but noise differs is only counted. */
export function diffRows(diff: ContentDiff, tokens: number): DiffRows {
  const room = lineRoom(tokens);
  const values = room(shownValues(diff.values).flatMap(fieldLines));
  const objects = diff.objects
    .filter(({ change, fields }) => change !== "changed" || fields.length > 0)
    .map(({ kind, name, change, fields }) => {
      const { lines, leftOut } = room(fields.flatMap(fieldLines));
      return { row: { kind, name, change, lines }, leftOut };
    });
  return {
    values: values.lines,
    objects: objects.map(({ row }) => row),
    noise: diff.objects.reduce((sum, { folded }) => sum + folded, 0),
    leftOut: objects.reduce((sum, { leftOut }) => sum + leftOut, values.leftOut),
  };
}

/** Hands out lines until the room is used up. */
function lineRoom(tokens: number) {
  let used = 0;
  return (all: readonly string[]) => {
    const lines: string[] = [];
    for (const line of all.slice(0, MAX_LINES)) {
      used += approximateTokens(line);
      if (used > tokens) break;
      lines.push(line.slice(2));
    }
    return { lines, leftOut: all.length - lines.length };
  };
}
