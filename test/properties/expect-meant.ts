import { expect } from "vitest";
import type { Outcome } from "#calls/outcome.ts";
import { errorCodes } from "#errors.ts";
import type { Asked } from "./arguments.ts";

/** Far above what tools answer by default, and below what floods a model. */
const MAX_TEXT = 25_000;
/** A refusal quotes the caller; it does not repeat all of it. */
const MAX_REFUSAL = 4_000;

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not come back
const DECEIVING = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e]/;

/** Every end of a call that was meant: an answer, or a refusal with a published code and what to do next. */
export function expectMeant(outcome: Outcome, asked: Asked): void {
  const about = JSON.stringify(asked).slice(0, 500);
  expect(outcome.text, about).not.toMatch(DECEIVING);
  if (outcome.kind !== "refused") {
    expect(outcome.text.length, about).toBeLessThanOrEqual(MAX_TEXT);
    return;
  }
  const [first = "", hint = ""] = outcome.text.split("\n");
  expect(Object.keys(errorCodes), about).toContain(outcome.code);
  expect(outcome.code, about).not.toBe("internal");
  expect(first.startsWith(`${outcome.code}: `), first).toBe(true);
  expect(hint.trim(), about).not.toBe("");
  expect(outcome.text.length, about).toBeLessThanOrEqual(MAX_REFUSAL);
}
