import { describe, expect, it } from "vitest";
import { parseFilterPattern } from "#domain/logs/filter-pattern.ts";

function matches(pattern: string, ...lines: readonly string[]): readonly boolean[] {
  const test = parseFilterPattern(pattern);
  return lines.map((line) => test(line));
}

describe("terms", () => {
  it.each([
    ["", "anything", true],
    ["ERROR", "2026 ERROR no route", true],
    ["ERROR", "2026 error no route", false],
    ["ERROR route", "2026 ERROR no route", true],
    ["ERROR timeout", "2026 ERROR no route", false],
    ['"no route"', "2026 ERROR no route", true],
    ['"route no"', "2026 ERROR no route", false],
    ['"say \\"hi\\""', 'they say "hi"', true],
    ["ERROR -route", "2026 ERROR no route", false],
    ["ERROR -timeout", "2026 ERROR no route", true],
    ['-"no route"', "2026 ERROR no route", false],
    ["?timeout ?route", "2026 ERROR no route", true],
    ["?timeout ?refused", "2026 ERROR no route", false],
    ["?timeout ?route -ERROR", "2026 ERROR no route", false],
    ["ERROR ?timeout", "2026 ERROR no route", true],
    ["%[Tt]ime-?out%", "connection Timeout", true],
    ["%^ERR%", "an ERROR", false],
    ["ERROR %code=5\\d\\d%", "ERROR code=503", true],
    ["ERROR %code=5\\d\\d%", "ERROR code=404", false],
  ])("%s on %s: %s", (pattern, line, expected) => {
    expect(matches(pattern, line)).toEqual([expected]);
  });
});

describe("JSON", () => {
  const line = JSON.stringify({
    level: "error",
    status: 503,
    path: "/checkout/pay",
    user: null,
    retried: false,
    tags: ["a", "b"],
    http: { "user-agent": "curl" },
  });

  it.each([
    ['{ $.level = "error" }', true],
    ["{ $.level = error }", true],
    ['{ $.level != "error" }', false],
    ['{ $.missing != "error" }', false],
    ["{ $.status = 503 }", true],
    ["{ $.status >= 500 && $.status < 600 }", true],
    ["{ $.status > 503 }", false],
    ["{ $.status <= 503 }", true],
    ['{ $.level = "warn" || $.status = 503 }', true],
    ['{ ($.level = "warn" || $.status = 503) && $.path = "/x*" }', false],
    ['{ $.path = "/checkout/*" }', true],
    ['{ $.path = "*/pay" }', true],
    ['{ $.path = "/c*out/*y" }', true],
    ['{ $.path = "/pay" }', false],
    ["{ $.path = %pay$% }", true],
    ["{ $.user IS NULL }", true],
    ["{ $.retried IS FALSE }", true],
    ["{ $.retried IS TRUE }", false],
    ["{ $.missing NOT EXISTS }", true],
    ["{ $.level NOT EXISTS }", false],
    ["{ $.level EXISTS }", true],
    ['{ $.tags[1] = "b" }', true],
    ['{ $.tags[7] = "b" }', false],
    ['{ $.http.user-agent = "curl" }', true],
    ["{ $.http['user-agent'] = \"curl\" }", true],
    ["{ $.level > 5 }", false],
  ])("%s: %s", (pattern, expected) => {
    expect(matches(pattern, line)).toEqual([expected]);
  });

  it("never matches a line that is no JSON", () => {
    expect(matches("{ $.a NOT EXISTS }", "plain text", "7", "")).toEqual([false, true, false]);
  });
});

describe("patterns that cannot be used", () => {
  it.each([
    "{ $.level = ",
    "{ $.level = }",
    "{ level = 5 }",
    "{ $.a = 1 } trailing",
    "{ $.a ~ 1 }",
    "{ $.a NOT 5 }",
    "{ $.a > high }",
    "[ip, user, ...]",
    '"unclosed',
    "%unclosed",
    "%(unclosed%",
    "what(ever",
    "{ $.a = %(% }",
  ])("%s", (pattern) => {
    expect(() => parseFilterPattern(pattern)).toThrow(
      expect.objectContaining({ code: "invalid_input" }),
    );
  });

  it("longer than the service takes are refused", () => {
    expect(() => parseFilterPattern(`"${"a".repeat(1023)}"`)).toThrow(
      expect.objectContaining({ code: "invalid_input" }),
    );
  });
});

it("takes time that grows with the length alone", () => {
  expect(matches(`%${"a?".repeat(30)}${"a".repeat(30)}%`, "a".repeat(40))).toEqual([true]);
});
