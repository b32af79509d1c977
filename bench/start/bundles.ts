import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { build } from "tsdown";
import config from "../../tsdown.config.ts";

export interface Bundles {
  readonly firewatch: string;
  readonly oneTool: string;
  remove(): Promise<void>;
}

const ROOT = join(import.meta.dirname, "..", "..");

/** Both servers, bundled as for a release. They lie within the package, where their unbundled packages are found. */
export async function makeBundles(): Promise<Bundles> {
  const cache = join(ROOT, "node_modules", ".cache");
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, "bench-"));
  await bundle({ server: "src/server.ts" }, join(folder, "firewatch"));
  await bundle({ server: "bench/start/one-tool.ts" }, join(folder, "one-tool"));
  return {
    firewatch: join(folder, "firewatch", "server.js"),
    oneTool: join(folder, "one-tool", "server.js"),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

async function bundle(entry: Readonly<Record<string, string>>, outDir: string): Promise<void> {
  await build({ ...config, config: false, cwd: ROOT, entry, outDir, logLevel: "silent" });
}
