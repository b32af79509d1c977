import { readdir, realpath } from "node:fs/promises";
import { join, sep } from "node:path";
import { isMissing, readTextFile } from "./text-file.ts";

/** Names of the plain files in the folder with this ending, sorted. A folder that is missing is empty. */
export async function filesIn(folder: string, ending: string): Promise<readonly string[]> {
  try {
    const names = await readdir(folder);
    return names.filter((name) => name.endsWith(ending)).sort();
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

/** A file's text, if it lies in the folder itself: a link may not lead out of it. */
export async function readWithin(folder: string, name: string, maxBytes: number): Promise<string> {
  const [base, path] = await Promise.all([realpath(folder), realpath(join(folder, name))]);
  if (!path.startsWith(base + sep)) throw new Error("it leads out of the folder");
  return readTextFile(path, maxBytes);
}
