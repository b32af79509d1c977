import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { execa } from "execa";
import { expect, onTestFinished, test } from "vitest";

/** npm and npx on the Node that runs the tests. */
const PATH = [dirname(process.execPath), process.env.PATH ?? ""].join(delimiter);

/** A folder with nothing but the package in it, installed as its users install it. */
async function installed(): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "firewatch-install-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const packing = ["pack", "--ignore-scripts", "--json", "--pack-destination", folder];
  const { stdout } = await execa("npm", packing, { env: { PATH } });
  const [{ filename }] = JSON.parse(stdout);
  const installing = ["install", `./${filename}`, "--prefer-offline", "--no-audit", "--no-fund"];
  await execa("npm", installing, { cwd: folder, env: { PATH } });
  return folder;
}

test("packed and installed, npx serves tools, runbooks and prompts", async () => {
  const folder = await installed();
  const client = new Client({ name: "test", version: "1" });
  const args = ["--no-install", "firewatch", "--sandbox", "--state-dir", join(folder, "state")];
  const env = { PATH, HOME: folder };
  await client.connect(
    new StdioClientTransport({ command: "npx", args, cwd: folder, env, stderr: "ignore" }),
  );
  onTestFinished(() => client.close());
  const { tools } = await client.listTools();
  expect(tools.map(({ name }) => name)).toContain("helm_rollback");
  const found = await client.callTool({
    name: "find_runbook",
    arguments: { query: "pods killed, out of memory" },
  });
  expect(JSON.stringify(found.structuredContent)).toContain("oomkilled");
  const { contents } = await client.readResource({ uri: "runbook://oomkilled" });
  expect(JSON.stringify(contents)).toContain("slug: oomkilled");
  const { messages } = await client.getPrompt({ name: "incident_supervisor" });
  expect(JSON.stringify(messages)).toContain("customer-etl-failure-rate");
}, 120_000);
