import { join } from "node:path";
import { filesIn, readWithin } from "./folder.ts";
import { packageRoot } from "./package-root.ts";

const MAX_BYTES = 50_000;

/** The prompts that come with this package, by file name. */
export async function promptFiles(root = packageRoot()): Promise<ReadonlyMap<string, string>> {
  const folder = join(root, "src", "prompts");
  const names = await filesIn(folder, ".md");
  const texts = names.map(
    async (name) => [name, await readWithin(folder, name, MAX_BYTES)] as const,
  );
  return new Map(await Promise.all(texts));
}
