import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import * as z from "zod";
import { lint } from "./layers/lint.ts";
import { allowed, broken } from "./layers/rules.ts";
import { builtins, EVERYWHERE, layers } from "./layers/table.ts";

const TIMEOUT = 60_000;

const packages = z
  .object({
    dependencies: z.record(z.string(), z.string()),
    devDependencies: z.record(z.string(), z.string()),
  })
  .parse(JSON.parse(readFileSync("package.json", "utf8")));

/** One of every sort that a file could import from; a folder of `src` stands for its files. */
const sources: readonly string[] = [
  ...readdirSync("src").map((name) => `#${name}`),
  ...Object.keys(layers).map((layer) => `#${layer}`),
  ...Object.keys({ ...packages.dependencies, ...packages.devDependencies }),
  ...Object.values(layers).flat(),
  ...builtins,
  ...EVERYWHERE,
  ...["../sibling.ts", "../sibling/file.ts"],
];

function mayImport(layer: string, source: string): boolean {
  return [...EVERYWHERE, ...(layers[layer] ?? [])].some(
    (each) => source === each || (each.startsWith("#") && source.startsWith(`${each}/`)),
  );
}

function importing(source: string): string {
  const file = source.startsWith("#") && !source.endsWith(".ts") ? `${source}/file.ts` : source;
  return `export { thing } from "${file}";\n`;
}

test("each folder imports what its layer may, and nothing else", { timeout: TIMEOUT }, async () => {
  const cases = Object.keys(layers).flatMap((layer) =>
    [...new Set(sources)].map((source, index) => ({
      path: `src/${layer}/import-${index}.ts`,
      layer,
      source,
    })),
  );
  const found = await lint(new Map(cases.map(({ path, source }) => [path, importing(source)])));
  const refused = cases.map(({ path, layer, source }) => ({
    layer,
    source,
    rules: found.get(path),
  }));
  const wanted = cases.map(({ layer, source }) => ({
    layer,
    source,
    rules: mayImport(layer, source) ? [] : ["lint/style/noRestrictedImports"],
  }));
  expect(refused).toEqual(wanted);
});

test("no way of writing an import gets past its layer", { timeout: TIMEOUT }, async () => {
  const ways = [
    `import "#store/index.ts";`,
    `import { thing } from "#store/index.ts";\nexport const other = thing;`,
    `import type { Thing } from "#store/index.ts";\nexport type Other = Thing;`,
    `export * from "#store/index.ts";`,
    `export const thing = () => import("#store/index.ts");`,
  ];
  const found = await lint(
    new Map(ways.map((way, index) => [`src/tools/way-${index}.ts`, `${way}\n`])),
  );
  for (const rules of found.values()) expect(rules).toEqual(["lint/style/noRestrictedImports"]);
});

test("every folder of src has its layer", () => {
  const folders = readdirSync("src", { withFileTypes: true }).filter((each) => each.isDirectory());
  const adapters = readdirSync("src/adapters", { withFileTypes: true });
  const nested = adapters
    .filter((each) => each.isDirectory())
    .map(({ name }) => `adapters/${name}`);
  expect(Object.keys(layers)).toEqual(
    expect.arrayContaining([...folders.map(({ name }) => name), ...nested]),
  );
});

test("each rule of style refuses what it is there for, and no more", {
  timeout: TIMEOUT,
}, async () => {
  const files = [...allowed, ...broken].flatMap(({ files }) => Object.entries(files));
  const found = await lint(new Map(files));
  for (const { files, rule } of broken) {
    for (const path of Object.keys(files)) expect(found.get(path), path).toEqual([rule]);
  }
  for (const { files } of allowed) {
    for (const path of Object.keys(files)) expect(found.get(path), path).toEqual([]);
  }
});
