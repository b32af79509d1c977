import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";

/** A test that does not run: left out, put off, alone, expected to fail, or given up half-way. */
const LEFT_OUT =
  /\b(?:test|it|describe|suite|bench)(?:\.\w+)*\.(?:skip|todo|only|skipIf|runIf|fails)\b|\b(?:xit|xtest|xdescribe|fit|fdescribe)\(|\.skip\(/;

const files = globSync("test/**/*.{ts,mts,js}");

test("no test is skipped", () => {
  const left = files.flatMap((path) =>
    readFileSync(path, "utf8")
      .split("\n")
      .map((line, index) => ({ at: `${path}:${index + 1}`, line }))
      .filter(({ line }) => LEFT_OUT.test(line)),
  );
  expect(left).toEqual([]);
});

test("the pattern finds what it is for", () => {
  const wrong = [
    "test@skip(",
    "it@only(",
    "describe@each([])@skip(",
    "test@runIf(x)(",
    "context@skip(",
  ];
  for (const line of wrong) expect(line.replaceAll("@", ".")).toMatch(LEFT_OUT);
  for (const line of ["test(", "test@each(", "skipped(", "only(a)"]) {
    expect(line.replaceAll("@", ".")).not.toMatch(LEFT_OUT);
  }
});
