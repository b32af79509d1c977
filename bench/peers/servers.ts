import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { cached } from "../../test/e2e/backends/cache.ts";

/** How one server is started. */
export interface Command {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

const ROOT = join(import.meta.dirname, "..", "..");
const GO_SERVER = "kubernetes-mcp-server@0.0.67";
const NODE_SERVER = "mcp-server-kubernetes@4.1.7";

/** Firewatch from its source, read-only. */
export function firewatch(stateDir: string): Command {
  const script = join(ROOT, "src", "server.ts");
  const args = [script, "--mode", "read-only", "--toolsets", "all", "--state-dir", stateDir];
  return { command: process.execPath, args, env: {} };
}

export async function goServer(): Promise<Command> {
  const script = await binOf(GO_SERVER, "kubernetes-mcp-server");
  return { command: process.execPath, args: [script, "--read-only"], env: {} };
}

export async function nodeServer(): Promise<Command> {
  const script = await binOf(NODE_SERVER, "mcp-server-kubernetes");
  const env = { ALLOW_ONLY_READONLY_TOOLS: "true" };
  return { command: process.execPath, args: [script], env };
}

/** The script that npm installs for a package, kept in the cache. */
async function binOf(spec: string, name: string): Promise<string> {
  const folder = await cached(`peer-${spec.replaceAll(/[^a-z0-9.]+/g, "-")}`, async (path) => {
    mkdirSync(path, { recursive: true });
    await execa("npm", ["install", "--prefix", path, "--no-audit", "--no-fund", spec]);
  });
  return join(folder, "node_modules", ".bin", name);
}
