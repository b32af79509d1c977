import { expect, test } from "vitest";
import { connect } from "../support/connect.ts";

test.each([
  ["get_runbook", {}, "invalid_input: slug: is missing."],
  ["get_runbook", { slug: 5 }, "invalid_input: slug: must be a string, not a number."],
  ["list_active_alarms", { state: "OK" }, 'invalid_input: Unrecognized key: "state".'],
  ["list_active_alarms", { states: ["UP"] }, "invalid_input: states.0: Invalid option: expected"],
])("%s %j says what is wrong and what is valid", async (tool, args, said) => {
  const { call } = await connect();
  const { text, failed } = await call(tool, args);
  expect(failed).toBe(true);
  expect(text.slice(0, said.length)).toBe(said);
  expect(text).toMatch(/\nValid arguments: /);
});

test("a refusal stays short, whatever was given", async () => {
  const { call } = await connect();
  const many = Object.fromEntries(Array.from({ length: 200 }, (_, i) => [`k${i}`, i]));
  for (const args of [{ ["x".repeat(10_000)]: 1 }, many, { name: "a", data: many }]) {
    const { text, failed } = await call("kubectl_patch_configmap", args);
    expect(failed).toBe(true);
    expect(text.length).toBeLessThan(1500);
  }
});
