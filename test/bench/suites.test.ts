import { execa } from "execa";
import { expect, test } from "vitest";
import * as z from "zod";

const row = z.record(z.string(), z.union([z.string(), z.number()]));
const result = z.strictObject({
  suite: z.string(),
  rows: z.array(row).min(1),
  summary: z.record(z.string(), z.number()),
});

function bench(...args: readonly string[]) {
  return execa(process.execPath, ["bench/main.ts", ...args], { reject: false });
}

const measures: Readonly<Record<string, readonly string[]>> = {
  start: ["ratio"],
  tokens: ["average", "largest", "default_list"],
  diagnosis: ["top1", "top3", "healthy_accused", "cases", "tokens_average", "tokens_largest"],
};

test.each(Object.keys(measures))("%s prints one object", { timeout: 120_000 }, async (suite) => {
  const { stdout, exitCode } = await bench(suite, "--rounds", "1", "--json");
  expect(exitCode).toBe(0);
  const { rows, summary, ...rest } = result.parse(JSON.parse(stdout));
  expect(rest).toEqual({ suite });
  expect(Object.keys(summary)).toEqual(measures[suite]);
  expect(new Set(rows.map((each) => Object.keys(each).join())).size).toBe(1);
});

test("without a suite, all are listed", async () => {
  const { stdout, exitCode } = await bench();
  expect(exitCode).toBe(0);
  for (const suite of Object.keys(measures)) expect(stdout).toMatch(new RegExp(`^${suite} `, "m"));
});

test("what is wrong on the command line is said, with exit code 2", async () => {
  for (const args of [["speed"], ["tokens", "--rounds", "none"], ["tokens", "--fast"]]) {
    const { stdout, stderr, exitCode } = await bench(...args);
    expect({ stdout, exitCode }).toEqual({ stdout: "", exitCode: 2 });
    expect(stderr).toContain(args.at(-1));
  }
});
