import { expect, test } from "vitest";
import { table } from "#domain/text/table.ts";
import { quoted } from "#domain/text/untrusted.ts";

test("a cell cannot end itself or its row, and quotes stay as they are", () => {
  const cell = quoted('Upgrade "etl" | failed\nnext');
  expect(table(["what"], [[cell], ["a\nb"]])).toBe(
    ["| what |", "|---|", '| "Upgrade \\"etl\\" \\| failed\\nnext" |', "| a b |"].join("\n"),
  );
});
