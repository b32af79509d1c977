import { RE2JS, RE2JSSyntaxException } from "re2js";
import { OpsError } from "#errors.ts";
import type { LineTest } from "./pattern-text.ts";

/** A person's RE2 expression: linear time, whatever it and the text are. Throws `invalid_input`, with the place. */
export function searchExpression(argument: string, source: string): LineTest {
  try {
    const expression = RE2JS.compile(source);
    return (text) => expression.matcher(text).find();
  } catch (error) {
    if (!(error instanceof RE2JSSyntaxException)) throw error;
    const { error: fault, input } = error;
    throw new OpsError(
      "invalid_input",
      `${argument} is no RE2 expression: ${fault} at character ${placeOf(source, input)} of ${JSON.stringify(source)}.`,
      "Put a backslash before . * + ? ( ) [ ] { } | to mean the character; RE2 has no look-around and no back-references.",
    );
  }
}

/** Counted from 1. The parser names the faulty part, and nothing when it is the end. */
function placeOf(source: string, part: string | null): number {
  const index = part === null || part === "" ? -1 : source.lastIndexOf(part);
  return index === -1 ? source.length : index + 1;
}
