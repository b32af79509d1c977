import { createHash } from "node:crypto";
import { existsSync, mkdirSync, renameSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** Where backends keep what is slow to build or to fetch: `$XDG_CACHE_HOME/firewatch`, else `~/.cache/firewatch`. */
export function cacheFolder(): string {
  const folder = join(process.env.XDG_CACHE_HOME || join(homedir(), ".cache"), "firewatch");
  mkdirSync(folder, { recursive: true });
  return folder;
}

/**
 * The path of a cached file or folder, made when it is not there. It appears whole or not at all, so that
 * two processes may make it at the same time.
 */
export async function cached(name: string, make: (path: string) => Promise<void>): Promise<string> {
  const path = join(cacheFolder(), name);
  if (existsSync(path)) return path;
  const draft = `${path}.${process.pid}`;
  await make(draft);
  if (!existsSync(path)) renameSync(draft, path);
  return path;
}

/** Sixteen hexadecimal digits that change with the parts. */
export function cacheKey(...parts: readonly (string | Buffer)[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part).update("\0");
  return hash.digest("hex").slice(0, 16);
}
