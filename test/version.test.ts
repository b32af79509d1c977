import { expect, test } from "vitest";
import { nodeProblem } from "#version.ts";

test.each([["22.19.0"], ["22.20.1"], ["24.0.0"]])("Node %s will do", (version) => {
  expect(nodeProblem(version)).toBeUndefined();
});

test.each([["20.20.2"], ["22.18.9"]])("Node %s is too old, and the start says so", (version) => {
  expect(nodeProblem(version)).toBe(`Firewatch needs Node 22.19 or later, and this is ${version}.`);
});
