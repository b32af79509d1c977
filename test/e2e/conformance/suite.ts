import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { execa } from "execa";
import { onTestFinished } from "vitest";

export type Revision = "2025-11-25" | "2026-07-28";

export interface Verdict {
  /** 0: what failed is exactly what is expected to. */
  readonly exitCode: number | undefined;
  /** Failed checks of each scenario. */
  readonly failed: ReadonlyMap<string, number>;
  /** From its summary on. */
  readonly summary: string;
}

const CLI = "node_modules/@modelcontextprotocol/conformance/dist/index.js";
export const EXPECTED_FAILURES = "test/e2e/conformance/expected-failures.yaml";

/** Runs every scenario that a revision of the protocol requires of a server. */
export async function runSuite(url: string, revision: Revision): Promise<Verdict> {
  const folder = mkdtempSync(join(tmpdir(), "firewatch-conformance-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const asked = [
    "--url",
    url,
    "--requirements",
    revision,
    "--expected-failures",
    EXPECTED_FAILURES,
  ];
  const ran = await execa(process.execPath, [CLI, "server", ...asked, "--output-dir", folder], {
    reject: false,
    all: true,
  });
  const summary = ran.all.slice(ran.all.indexOf("=== SUMMARY ==="));
  return { exitCode: ran.exitCode, failed: failuresIn(summary), summary };
}

function failuresIn(summary: string): Map<string, number> {
  const rows = summary.matchAll(/^. ([\w-]+): \d+ passed, (\d+) failed/gm);
  return new Map(Array.from(rows, ([, scenario = "", count]) => [scenario, Number(count)]));
}
