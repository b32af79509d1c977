import { parseArgs } from "node:util";
import { aligned } from "#cli/aligned.ts";
import { diagnosis } from "./diagnosis/suite.ts";
import { peers } from "./peers/suite.ts";
import { start } from "./start/suite.ts";
import type { BenchOptions, BenchResult, Suite } from "./suite.ts";
import { tokens } from "./tokens.ts";

const suites: readonly Suite[] = [start, tokens, diagnosis, peers];

const USAGE =
  "npm run --silent bench -- SUITE [--data DIR] [--seed NUMBER] [--rounds NUMBER] [--json]";

async function main(args: readonly string[]): Promise<number> {
  const { values, positionals } = read(args);
  const [name] = positionals;
  if (name === undefined) return say(listing());
  const suite = suites.find((each) => each.name === name);
  if (suite === undefined) throw new TypeError(`There is no suite ${name}.\n${listing()}`);
  const result = await suite.run(optionsOf(values));
  return say(values.json ? JSON.stringify({ suite: name, ...result }) : report(result));
}

function read(args: readonly string[]) {
  return parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      data: { type: "string" },
      seed: { type: "string", default: "1" },
      rounds: { type: "string", default: "15" },
      json: { type: "boolean", default: false },
    },
  });
}

function optionsOf({ data, seed, rounds }: ReturnType<typeof read>["values"]): BenchOptions {
  const numbers = { seed: wholeNumber("--seed", seed), rounds: wholeNumber("--rounds", rounds) };
  return data === undefined ? numbers : { ...numbers, data };
}

function wholeNumber(flag: string, text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new TypeError(`${flag} ${text} is not a whole number from 1.`);
}

function listing(): string {
  return `${aligned(suites.map(({ name, question }) => [name, question]))}\n\n${USAGE}`;
}

function report({ rows, summary }: BenchResult): string {
  const head = Object.keys(rows[0] ?? {});
  const cells = rows.map((row) => Object.values(row).map(String));
  const measures = Object.entries(summary).map(([name, value]) => [name, String(value)]);
  return `${aligned([head, ...cells])}\n\n${aligned(measures)}`;
}

function say(text: string): number {
  process.stdout.write(`${text}\n`);
  return 0;
}

/** What the command line got wrong is told without a stack. */
function refused(error: unknown): number {
  if (!(error instanceof TypeError)) throw error;
  process.stderr.write(`${error.message}\n`);
  return 2;
}

process.exitCode = await main(process.argv.slice(2)).catch(refused);
