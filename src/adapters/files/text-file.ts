import { readFile, stat } from "node:fs/promises";

/** No file of settings or prose that Firewatch reads is anywhere near this long, in bytes. */
export const MAX_FILE_BYTES = 1_000_000;

/** The text of a plain file. Throws a plain Error that says why not; `code` is kept as its cause's. */
export async function readTextFile(path: string, maxBytes = MAX_FILE_BYTES): Promise<string> {
  const { size, isFile } = await describe(path);
  if (!isFile) throw new Error("it is not a file");
  if (size > maxBytes) throw new Error(`it has ${size} bytes, more than ${maxBytes}`);
  return readFile(path, "utf8");
}

/** Whether there is anything at the path. */
export async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    (error: unknown) => !isMissing(error),
  );
}

async function describe(path: string) {
  const found = await stat(path);
  return { size: found.size, isFile: found.isFile() };
}

export function isMissing(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ENOENT";
}
