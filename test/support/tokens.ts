import { countTokens } from "gpt-tokenizer/encoding/o200k_base";

/** Tokens of a text, or of a value as JSON, in the encoding `o200k`. */
export function tokens(value: unknown): number {
  return countTokens(typeof value === "string" ? value : JSON.stringify(value));
}
