import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { searchExpression } from "#domain/logs/expression.ts";
import { OpsError } from "#errors.ts";

describe("an expression to search for", () => {
  it("finds what it describes, anywhere in the text", () => {
    expect(searchExpression("grep", "time(d )?out")("connection timed out")).toBe(true);
    expect(searchExpression("grep", "Timeout")("timeout")).toBe(false);
    expect(searchExpression("grep", "(?i)Timeout")("timeout")).toBe(true);
  });

  it.each([
    ["a(b", "missing closing ) at character 1"],
    ["ok*x**", "invalid nested repetition operator at character 5"],
    ["x[z-a]", "invalid character class range at character 3"],
    ["x(?=y)", "invalid or unsupported Perl syntax at character 2"],
    ["x\\", "trailing backslash at end of expression at character 2"],
  ])("%s is refused, with the place", (source, message) => {
    expect(() => searchExpression("exclude", source)).toThrow(
      `exclude is no RE2 expression: ${message} of ${JSON.stringify(source)}.`,
    );
  });

  it("takes no longer for an expression that is evil elsewhere", () => {
    expect(searchExpression("grep", "(a+)+$")(`${"a".repeat(20_000)}!`)).toBe(false);
  });

  it("reads or refuses whatever comes", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 40 }), (source) => {
        try {
          searchExpression("grep", source)("text");
        } catch (error) {
          expect(error).toBeInstanceOf(OpsError);
        }
      }),
    );
  });
});
