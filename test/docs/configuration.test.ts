import { expect, test } from "vitest";
import { commands } from "#config/commands.ts";
import { commandHelp, configurationPage, envExample, helpText } from "#config/text.ts";

test("docs/configuration.md says what the schema says", async () => {
  await expect(configurationPage()).toMatchFileSnapshot("../../docs/configuration.md");
});

test(".env.example names the variables of the schema", async () => {
  await expect(envExample()).toMatchFileSnapshot("../../.env.example");
});

test("help fits a terminal", () => {
  for (const text of [helpText(), ...commands.map(commandHelp)]) {
    expect(Math.max(...text.split("\n").map((line) => line.length))).toBeLessThanOrEqual(100);
  }
});
