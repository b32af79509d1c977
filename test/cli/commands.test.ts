import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { AuditEntry } from "#domain/approvals/audit.ts";
import { firewatch, spawned, stateFolder, storeIn } from "./run.ts";

const at = new Date("2026-04-25T15:00:00Z");

function report(id: string, minutes: number) {
  return {
    id,
    severity: "P2" as const,
    title: `Orders fail (${id})`,
    markdown: `# Orders fail (${id})\n\nHealed.`,
    createdAt: new Date(at.getTime() + minutes * 60_000),
    delivery: "saved" as const,
  };
}

const entry: AuditEntry = {
  at,
  event: "call",
  principal: "kim",
  client: "test",
  tool: "kubectl_get",
  outcome: "done",
  detail: {},
};

test("report prints the newest, the one that is named, or the list", async () => {
  const folder = stateFolder();
  const { reports } = await storeIn(folder);
  await reports.save(report("rep_1", 0));
  await reports.save(report("rep_2", 5));
  const state = ["--state-dir", folder];
  expect(await firewatch(["report", ...state])).toMatchObject({
    code: 0,
    out: "# Orders fail (rep_2)\n\nHealed.\n",
  });
  expect((await firewatch(["report", "rep_1", ...state])).out).toContain("(rep_1)");
  expect((await firewatch(["report", "--list", ...state])).out).toBe(
    [
      "ID     WRITTEN               SEVERITY  SENT   TITLE",
      "rep_2  2026-04-25T15:05:00Z  P2        saved  Orders fail (rep_2)",
      "rep_1  2026-04-25T15:00:00Z  P2        saved  Orders fail (rep_1)",
      "",
    ].join("\n"),
  );
  expect(await firewatch(["report", "rep_9", ...state])).toMatchObject({
    code: 1,
    errors: expect.stringContaining("No report rep_9"),
  });
});

test("report without any says where it looked", async () => {
  const folder = stateFolder();
  const ran = await firewatch(["report", "--state-dir", folder]);
  expect(ran).toMatchObject({ code: 1, errors: expect.stringContaining(`No report in ${folder}`) });
});

test("verify-audit follows the chain, and finds where it was altered", async () => {
  const folder = stateFolder();
  const { audit } = await storeIn(folder);
  for (let i = 0; i < 3; i++) await audit.append(entry);
  const args = ["verify-audit", "--state-dir", folder];
  expect(await firewatch(args)).toMatchObject({
    code: 0,
    out: expect.stringMatching(
      /^3 records, each chained to the one before\. Last hash: [0-9a-f]{64}/,
    ),
  });
  await alter(folder, "replace(entry, 'kim', 'eve')");
  expect(await firewatch(args)).toMatchObject({
    code: 1,
    errors: expect.stringContaining("Record 2 does not fit"),
  });
  await alter(folder, "'{}'");
  expect(await firewatch(args)).toMatchObject({
    code: 1,
    errors: expect.stringContaining("Record 2 of the audit log cannot be read"),
  });
});

async function alter(folder: string, entryAs: string) {
  const { DatabaseSync } = await import("node:sqlite");
  const raw = new DatabaseSync(join(folder, "firewatch.db"));
  raw.exec(`update audit set entry = ${entryAs} where seq = 2`);
  raw.close();
}

test("sandbox reset forgets the world", async () => {
  const folder = stateFolder();
  const { journal } = await storeIn(folder);
  await journal.open({ scenario: "customer-etl", seed: 1, startedAt: at });
  await journal.append(at, { type: "advance", milliseconds: 1 });
  expect((await firewatch(["sandbox", "reset", "--state-dir", folder])).code).toBe(0);
  expect(await journal.since(0)).toEqual([]);
  expect((await firewatch(["sandbox", "rest", "--state-dir", folder])).code).toBe(2);
});

test("doctor says what works, what is missing and what to do", async () => {
  const folder = stateFolder();
  const ran = await firewatch(["doctor", "--state-dir", folder]);
  expect(ran.code).toBe(0);
  expect(ran.out).toMatch(/^ok +store +\S+\nok +policy +a person for every action\nok +runbooks/);
  expect(ran.out).toMatch(/not configured +AWS region/);
  expect(ran.out).toContain("- AWS region: Set AWS_REGION or --regions");
});

test("doctor fails when something configured does not work", async () => {
  const folder = stateFolder();
  writeFileSync(join(folder, "policy.yaml"), "version: one\n");
  const ran = await firewatch(["doctor", "--sandbox", "--state-dir", folder]);
  expect(ran.code).toBe(1);
  expect(ran.out).toMatch(/failed +policy +The policy file .* cannot be read/);
  expect(ran.out).toContain("1 check failed.");
});

test("a store that cannot be opened is an error in words", async () => {
  const file = join(stateFolder(), "file");
  writeFileSync(file, "");
  const ran = await firewatch(["approvals", "--state-dir", file]);
  expect(ran).toMatchObject({ code: 1, errors: expect.stringContaining("store_unavailable") });
});

test("help and version need no valid configuration", async () => {
  const env = { FIREWATCH_MODE: "nonsense" };
  const [help, command, version] = await Promise.all([
    spawned(["--help"], env),
    spawned(["approve", "--help"], env),
    spawned(["version"], env),
  ]);
  expect(help.out).toContain("Usage: firewatch [COMMAND] [FLAGS]");
  expect(command.out).toContain("Usage: firewatch approve CODE");
  expect(version.out).toMatch(/^\d+\.\d+\.\d+\n$/);
  expect([help.code, command.code, version.code]).toEqual([0, 0, 0]);
});

test("all that is wrong is listed on standard error, with exit code 2", async () => {
  const ran = await spawned(["--mode", "liv", "--kube-context", "x"], { FIREWATCH_NAMESPACE: "a" });
  expect(ran).toMatchObject({ code: 2, out: "" });
  expect(ran.errors).toContain("There is no flag --kube-context. Did you mean --kube-contexts?");
  expect(ran.errors).toContain("Did you mean FIREWATCH_NAMESPACES?");
  expect(ran.errors).toContain('--mode: "liv" is not one of read-only, dry-run, live.');
});

test("a context that does not exist stops the start", async () => {
  const folder = stateFolder();
  const kubeconfig = join(folder, "config");
  writeFileSync(kubeconfig, "contexts: [{ name: prod }]\ncurrent-context: prod\n");
  const env = { KUBECONFIG: kubeconfig };
  const ran = await spawned(["--kube-contexts", "prd", "--state-dir", folder], env);
  expect(ran).toMatchObject({ code: 2, errors: expect.stringContaining("prod") });
  expect(existsSync(join(folder, "firewatch.db"))).toBe(false);
});
