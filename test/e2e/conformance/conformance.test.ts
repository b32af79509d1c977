import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import * as z from "zod";
import { serveForSuite } from "./server.ts";
import { EXPECTED_FAILURES, runSuite } from "./suite.ts";

/** Scenarios that every server can be put through as it is. */
const GENERIC = {
  "2025-11-25": [
    "server-initialize",
    "ping",
    "tools-list",
    "resources-list",
    "prompts-list",
    "server-sse-multiple-streams",
    "dns-rebinding-protection",
    "server-session-lifecycle",
  ],
  "2026-07-28": [
    "tools-list",
    "resources-list",
    "prompts-list",
    "server-sse-multiple-streams",
    "dns-rebinding-protection",
    "caching",
    "http-header-validation",
    "sep-2164-resource-not-found",
    "input-required-result-missing-input-response",
    "input-required-result-unsupported-methods",
    "input-required-result-ignore-extra-params",
    "input-required-result-validate-input",
  ],
} as const;

test("with fixtures, all pass but those that cannot apply, in both generations", async () => {
  const url = await serveForSuite({ fixtures: true });
  const verdicts = [await runSuite(url, "2025-11-25"), await runSuite(url, "2026-07-28")];
  for (const { exitCode, summary } of verdicts) expect(exitCode, summary).toBe(0);
  const failed = verdicts.flatMap((verdict) =>
    [...verdict.failed].filter(([, count]) => count > 0),
  );
  expect(failed.map(([scenario]) => scenario).toSorted()).toEqual(expectedFailures().toSorted());
});

test.each(["2025-11-25", "2026-07-28"] as const)(
  "as it is, it passes what needs no fixtures (%s)",
  async (revision) => {
    const { failed, summary } = await runSuite(await serveForSuite({ fixtures: false }), revision);
    const generic = GENERIC[revision].map((scenario) => [scenario, failed.get(scenario)]);
    expect(generic, summary).toEqual(GENERIC[revision].map((scenario) => [scenario, 0]));
  },
);

function expectedFailures(): readonly string[] {
  const list = readFileSync(EXPECTED_FAILURES, "utf8");
  return z.object({ server: z.array(z.string()) }).parse(parse(list)).server;
}
