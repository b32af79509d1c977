import fc from "fast-check";
import { expect, test } from "vitest";
import { matchesAny, matchesGlob } from "#domain/text/glob.ts";

test.each([
  ["data", "data", true],
  ["data", "data2", false],
  ["*", "", true],
  ["data-*", "data-eu", true],
  ["data-*", "data", false],
  ["*-prod", "eu-prod", true],
  ["a*a", "a", false],
  ["a*b*c", "axxbyyc", true],
  ["a*b*c", "acb", false],
  ["kubectl_*", "helm_rollback", false],
  ["a.c", "abc", false],
  ["**", "anything", true],
])("%s against %s is %s", (pattern, text, expected) => {
  expect(matchesGlob(pattern, text)).toBe(expected);
});

test("any pattern of a list is enough", () => {
  expect(matchesAny(["x", "y*"], "yes")).toBe(true);
  expect(matchesAny([], "yes")).toBe(false);
});

test("agrees with the regular expression that it stands for", () => {
  const letters = fc.string({ unit: fc.constantFrom("a", "b", "*"), maxLength: 6 });
  const words = fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 8 });
  fc.assert(
    fc.property(letters, words, (pattern, text) => {
      const regex = new RegExp(`^${pattern.replaceAll("*", ".*")}$`);
      expect(matchesGlob(pattern, text)).toBe(regex.test(text));
    }),
    { numRuns: 500 },
  );
});

test("stays quick on a pattern that makes backtracking explode", () => {
  expect(matchesGlob(`${"a*".repeat(200)}b`, "a".repeat(20_000))).toBe(false);
});
