import { execFileSync } from "node:child_process";
import fc from "fast-check";
import { expect, test } from "vitest";
import { shellCommand, shellQuote } from "#domain/text/shell.ts";

test("plain words stay as they are, others are quoted", () => {
  expect(shellCommand(["helm", "rollback", "customer-etl", "6", "-n", "data"])).toBe(
    "helm rollback customer-etl 6 -n data",
  );
  expect(shellQuote("it's")).toBe(`'it'\\''s'`);
  expect(shellQuote("")).toBe("''");
  expect(shellQuote("a;rm -rf $HOME")).toBe("'a;rm -rf $HOME'");
});

test("a shell reads back exactly the words that were quoted", () => {
  const word = fc
    .string({ unit: "grapheme", maxLength: 30 })
    .filter((text) => !text.includes("\0"));
  const words = fc.sample(fc.array(word, { maxLength: 6 }), { numRuns: 20, seed: 7 });
  const script = words.map((each) => `printf '%s\\0' ${shellCommand(["+", ...each])}`).join("\n");
  const read = execFileSync("/bin/sh", ["-c", script], { encoding: "utf8" });
  expect(read).toBe(words.map((each) => ["+", ...each, ""].join("\0")).join(""));
});
