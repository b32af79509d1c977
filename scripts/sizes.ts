import { globSync, readFileSync } from "node:fs";
import { parseSync, Visitor } from "oxc-parser";

/** Lines, first to last, of functions and files in `src`. A failure names what is too long. */
const LIMITS = { median: 6, p90: 20, longest: 50, file: 250 };

interface Sized {
  readonly name: string;
  readonly lines: number;
}

const files = globSync("src/**/*.ts").map((path) => ({ path, text: readFileSync(path, "utf8") }));
const fileSizes = files.map(({ path, text }) => ({
  name: path,
  lines: text.split("\n").length - 1,
}));
const functions = files.flatMap(({ path, text }) => functionsOf(path, text));

const figures = {
  files: fileSizes.length,
  functions: functions.length,
  median: quantile(functions, 0.5),
  p90: quantile(functions, 0.9),
  longest: Math.max(...functions.map(({ lines }) => lines)),
  file: Math.max(...fileSizes.map(({ lines }) => lines)),
};
console.log(figures);

const tooLong = [
  ...functions.filter(({ lines }) => lines > LIMITS.longest),
  ...fileSizes.filter(({ lines }) => lines > LIMITS.file),
];
for (const { name, lines } of tooLong) console.error(`${name}: ${lines} lines`);
const held = figures.median <= LIMITS.median && figures.p90 <= LIMITS.p90 && tooLong.length === 0;
if (!held) console.error(`over the limits: ${JSON.stringify(LIMITS)}`);
process.exitCode = held ? 0 : 1;

function functionsOf(path: string, text: string): Sized[] {
  const found: Sized[] = [];
  const line = (offset: number) => text.slice(0, offset).split("\n").length;
  const add = ({ start, end }: { readonly start: number; readonly end: number }) => {
    found.push({ name: `${path}:${line(start)}`, lines: line(end) - line(start) + 1 });
  };
  new Visitor({
    FunctionDeclaration: add,
    FunctionExpression: add,
    ArrowFunctionExpression: add,
  }).visit(parseSync(path, text).program);
  return found;
}

function quantile(sized: readonly Sized[], share: number): number {
  const sorted = sized.map(({ lines }) => lines).toSorted((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * share) - 1] ?? 0;
}
