interface Case {
  readonly files: Readonly<Record<string, string>>;
}

interface Breach extends Case {
  /** The one rule that each of the files breaks. */
  readonly rule: string;
}

const lines = (count: number) => Array.from({ length: count }, () => "  told += 1;\n").join("");

const branches = Array.from(
  { length: 7 },
  (_, n) => `  if (a > ${n}) {\n    if (b > ${n}) told += 1;\n  }\n`,
);

/** What each rule of the house refuses. */
export const broken: readonly Breach[] = [
  ...["domain", "tools", "sandbox", "calls"].flatMap((layer) =>
    ["Date.now()", "new Date()", "Math.random()", "performance.now()"].map((ambient, index) =>
      one("plugin", `${layer}/ambient-${index}`, `export const value = ${ambient};`),
    ),
  ),
  one("plugin", "store/cast", `export const value = JSON.parse("1") as number;`),
  one("plugin", "tools/cast", `export const value = JSON.parse("1") as unknown;`),
  {
    rule: "lint/suspicious/noImportCycles",
    files: {
      "src/tools/hen.ts": `import { egg } from "./egg.ts";\nexport const hen = () => egg;\n`,
      "src/tools/egg.ts": `import { hen } from "./hen.ts";\nexport const egg = () => hen;\n`,
    },
  },
  one("lint/suspicious/noExplicitAny", "mcp/loose", "export const loose = (value: any) => value;"),
  one(
    "lint/style/noNonNullAssertion",
    "mcp/sure",
    "export const sure = (value: string | undefined) => value!;",
  ),
  one(
    "lint/suspicious/noTsIgnore",
    "mcp/ignored",
    `// @ts-ignore\nexport const ignored: number = "one";`,
  ),
  one("lint/suspicious/noConsole", "calls/print", `console.log("told");`),
  one("lint/style/noDefaultExport", "calls/standard", "export default 1;"),
  one("lint/style/useFilenamingConvention", "calls/camelCase", "export const value = 1;"),
  one(
    "lint/complexity/noExcessiveLinesPerFunction",
    "calls/long",
    `export function long() {\n  let told = 0;\n${lines(60)}  return told;\n}`,
  ),
  one(
    "lint/style/noExcessiveLinesPerFile",
    "calls/longer",
    Array.from({ length: 300 }, (_, n) => `export const value${n} = ${n};`).join("\n"),
  ),
  one(
    "lint/complexity/noExcessiveCognitiveComplexity",
    "calls/tangled",
    `export function tangled(a: number, b: number) {\n  let told = 0;\n${branches.join("")}  return told;\n}`,
  ),
  one(
    "lint/nursery/noFloatingPromises",
    "calls/floating",
    "async function told() {}\nexport function tell() {\n  told();\n}",
  ),
];

/** What looks like a breach and is none. */
export const allowed: readonly Case[] = [
  one("", "tools/constant", `export const names = ["one", "two"] as const;`),
  one("", "domain/given", "export const given = (at: number) => new Date(at);"),
  one("", "cli/printed", `console.log("told");`),
];

function one(rule: string, name: string, text: string): Breach {
  return { rule, files: { [`src/${name}.ts`]: `${text}\n` } };
}
