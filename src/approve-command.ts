import { realpathSync } from "node:fs";
import { sep } from "node:path";
import { shellCommand } from "#domain/text/shell.ts";
import type { Config } from "./config.ts";
import { VERSION } from "./version.ts";

/** How this process was started. */
export interface Started {
  readonly node: string;
  readonly script: string;
}

/**
 * What a person types to approve. Their shell lacks the host's environment, so the command names the
 * store, and the policy file when it is not beside it.
 */
export function approveCommand(
  { stateDir, policy }: Pick<Config, "stateDir" | "policy">,
  started: Started = thisProcess(),
): (code: string) => string {
  const named = policy.named ? ["--policy", policy.path] : [];
  return (code) =>
    shellCommand([...starter(started), "approve", code, "--state-dir", stateDir, ...named]);
}

function thisProcess(): Started {
  return { node: process.execPath, script: realpathSync(process.argv[1] ?? "") };
}

/** npx runs packages from its cache, which it empties when it likes. */
function starter({ node, script }: Started): readonly string[] {
  const byNpx = script.split(sep).includes("_npx");
  return byNpx ? ["npx", "-y", `firewatch-mcp@${VERSION}`] : [node, script];
}
