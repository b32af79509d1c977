import { expect, test } from "vitest";
import { table } from "#domain/text/table.ts";
import { errorCodes } from "#errors.ts";

function errorsPage(): string {
  const rows = Object.entries(errorCodes).map(([code, meaning]) => [`\`${code}\``, meaning]);
  return `${[
    "# Errors",
    "Generated from `src/errors.ts`. A call that fails answers with two lines: the code with what is wrong, and what to do next. There are no other codes.",
    table(["code", "meaning"], rows),
  ].join("\n\n")}\n`;
}

test("docs/errors.md says what the table says", async () => {
  await expect(errorsPage()).toMatchFileSnapshot("../../docs/errors.md");
});
