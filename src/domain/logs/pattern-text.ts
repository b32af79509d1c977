import { RE2JS } from "re2js";
import { OpsError } from "#errors.ts";

/** Whether a line matches. */
export type LineTest = (message: string) => boolean;

/** A regular expression in linear time, as it stands between percent signs. Throws `invalid_input`. */
export function lineExpression(source: string, pattern: string): LineTest {
  try {
    const expression = RE2JS.compile(source);
    return (message) => expression.matcher(message).find();
  } catch {
    throw badPattern(pattern, "the regular expression cannot be read");
  }
}

export function badPattern(pattern: string, why: string): OpsError {
  return new OpsError(
    "invalid_input",
    `The filter pattern ${JSON.stringify(pattern.slice(0, 200))} cannot be used: ${why}.`,
    'Use terms such as ERROR timeout, "a phrase", -excluded, ?any ?of, %regex% or { $.level = "error" }.',
  );
}
