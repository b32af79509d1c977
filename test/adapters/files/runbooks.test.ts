import { copyFile, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { packageRoot } from "#adapters/files/package-root.ts";
import { promptFiles } from "#adapters/files/prompts.ts";
import { runbookFolder } from "#adapters/files/runbooks.ts";

const shipped = join(packageRoot(), "runbooks");

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), "firewatch-runbooks-"));
  onTestFinished(() => rm(path, { recursive: true }));
  await copyFile(join(shipped, "oomkilled.yaml"), join(path, "oomkilled.yaml"));
  return path;
}

test("a broken file is reported and does not hide the others", async () => {
  const path = await folder();
  await writeFile(join(path, "bad.yaml"), "slug: bad\nslug: worse\n");
  await writeFile(join(path, "big.yaml"), "#".repeat(100_001));
  await copyFile(join(shipped, "oomkilled.yaml"), join(path, "other.yaml"));
  await writeFile(join(path, "notes.txt"), "not a runbook");
  const runbooks = runbookFolder(path);
  expect((await runbooks.list()).map(({ slug }) => slug)).toEqual(["oomkilled"]);
  expect(await runbooks.broken()).toEqual([
    { file: "bad.yaml", cause: expect.stringMatching(/^line 2: .*unique/) },
    { file: "big.yaml", cause: "it has 100001 bytes, more than 100000" },
    { file: "other.yaml", cause: "its slug is oomkilled" },
  ]);
});

test("a link may not lead out of the folder", async () => {
  const path = await folder();
  await symlink(join(shipped, "crashloopbackoff.yaml"), join(path, "crashloopbackoff.yaml"));
  const runbooks = runbookFolder(path);
  expect(await runbooks.broken()).toEqual([
    { file: "crashloopbackoff.yaml", cause: "it leads out of the folder" },
  ]);
  await expect(runbooks.source("crashloopbackoff")).rejects.toThrow("out of the folder");
});

test("the source is the file's own text; other names give nothing", async () => {
  const runbooks = runbookFolder(await folder());
  expect(await runbooks.source("oomkilled")).toMatch(/^api_version: firewatch\/v1\n/);
  expect(await runbooks.source("../oomkilled")).toBeUndefined();
  expect(await runbooks.source("/etc/passwd")).toBeUndefined();
});

test("a folder that is missing is empty", async () => {
  const runbooks = runbookFolder("/nowhere/runbooks");
  expect(await runbooks.list()).toEqual([]);
  expect(await runbooks.source("oomkilled")).toBeUndefined();
});

test("the prompts come from the package, wherever it runs", async () => {
  expect([...(await promptFiles()).keys()]).toContain("incident_supervisor.md");
  expect(packageRoot(join(packageRoot(), "src", "adapters"))).toBe(packageRoot());
});
