import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import * as z from "zod";
import { commands } from "#config/commands.ts";
import { settings, variables } from "#config/settings.ts";

const pages = [...globSync("*.md"), ...globSync("docs/*.md"), ...globSync("deploy/**/*.md")].sort();

const { scripts } = z
  .object({ scripts: z.record(z.string(), z.string()) })
  .parse(JSON.parse(readFileSync("package.json", "utf8")));

/** Scripts that npm runs by their own name, and commands that need no script. */
const NPM_COMMANDS = ["ci", "install", "i", "run", "pack", "exec", "link"];

const names = new Set<string>(commands.map(({ name }) => name));
const flags = new Set<string>([
  ...settings.map(({ flag }) => flag),
  ...commands.flatMap((command) => command.flags.map(({ flag }) => flag)),
  "--help",
  "--version",
]);
const known = new Set<string>([...settings, ...variables].map(({ variable }) => variable));

/** Every match of the pattern's first group in the page. */
function named(page: string, pattern: RegExp): readonly string[] {
  return [...readFileSync(page, "utf8").matchAll(pattern)].map(([, name = ""]) => name);
}

/** Commands and flags in code: what a reader would type. */
function typed(page: string): readonly string[] {
  const text = readFileSync(page, "utf8");
  return [...text.matchAll(/```[a-z]*\n([\s\S]*?)```|`([^`\n]+)`/g)].flatMap(
    ([, block = "", inline = ""]) => `${block}\n${inline}`.split("\n"),
  );
}

test.each(pages)("%s names only scripts that there are", (page) => {
  for (const line of typed(page)) {
    for (const [, script = ""] of line.matchAll(/\bnpm run (?:--?[a-z-]+ )*([a-z][a-z0-9:-]*)/g)) {
      expect(Object.keys(scripts), line).toContain(script);
    }
    for (const [, word = ""] of line.matchAll(/\bnpm (?!run\b)([a-z]+)\b/g)) {
      expect([...Object.keys(scripts), ...NPM_COMMANDS], line).toContain(word);
    }
  }
});

test.each(pages)("%s names only commands and flags that there are", (page) => {
  for (const line of typed(page)) {
    const [, rest] = /^(?:\$ )?(?:npx )?(?:firewatch(?:-mcp)?)(?: (.*))?$/.exec(line.trim()) ?? [];
    if (rest === undefined) continue;
    const [first = ""] = rest.split(" ");
    if (/^[a-z]/.test(first)) expect([...names], line).toContain(first);
    for (const [flag] of rest.matchAll(/--[a-z][a-z-]*/g)) expect([...flags], line).toContain(flag);
  }
});

test.each(pages)("%s names only variables that there are", (page) => {
  for (const variable of named(page, /\b(FIREWATCH_[A-Z_]+[A-Z])\b/g)) {
    expect([...known], variable).toContain(variable);
  }
});

test.each(pages)("%s links only to files that there are", (page) => {
  const folder = page.includes("/") ? page.slice(0, page.lastIndexOf("/") + 1) : "";
  for (const link of named(page, /\]\((?!https?:|#|mailto:)([^)#\s]+)/g)) {
    expect(globSync(`${folder}${link}`.replace(/\/$/, "")), link).not.toEqual([]);
  }
});
