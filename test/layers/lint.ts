import { execFile } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import * as z from "zod";

const biome = "node_modules/.bin/biome";
const CONFIGURATION = ["biome.json", "lint", "package.json", "tsconfig.json", ".gitignore"];

const reportSchema = z.object({
  diagnostics: z.array(
    z.object({ category: z.string(), location: z.object({ path: z.string() }) }),
  ),
});

/** The rules that lint finds broken, by path, of files that are written into an empty project with this one's configuration. */
export async function lint(
  files: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const root = mkdtempSync(join(tmpdir(), "firewatch-lint-"));
  try {
    for (const name of CONFIGURATION) cpSync(name, join(root, name), { recursive: true });
    for (const [path, text] of files) write(join(root, path), text);
    const broken = reportSchema.parse(JSON.parse(await run(root))).diagnostics;
    const paths = Map.groupBy(broken, ({ location }) => location.path);
    return new Map(
      [...files.keys()].map((path) => [
        path,
        (paths.get(path) ?? []).map(({ category }) => category),
      ]),
    );
  } finally {
    rmSync(root, { recursive: true });
  }
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

/** Lint ends with 1 when it finds something, which is no failure here. */
async function run(root: string): Promise<string> {
  const words = ["lint", "--reporter=json", "--max-diagnostics=none", "src"];
  const options = { cwd: root, maxBuffer: 64 * 1024 * 1024 };
  const found = await promisify(execFile)(join(process.cwd(), biome), words, options).catch(
    (failed: unknown) => z.looseObject({ code: z.literal(1), stdout: z.string() }).parse(failed),
  );
  return found.stdout;
}
