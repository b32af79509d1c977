import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { Client as OlderClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport as OlderStdio } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport as OlderHttp } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { ElicitRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { expect, onTestFinished, test } from "vitest";
import * as z from "zod";
import { atTerminal, cleanEnv, spawned, stateFolder } from "./run.ts";

const info = { name: "test", version: "1" };
const rollback = {
  name: "helm_rollback",
  arguments: { release: "customer-etl", namespace: "data" },
};
const answer = z.object({
  status: z.string(),
  code: z.string().optional(),
  approve_command: z.string().optional(),
});

async function onStdio(args: readonly string[]) {
  const client = new Client(info, { versionNegotiation: { mode: { pin: "2026-07-28" } } });
  await client.connect(
    new StdioClientTransport({
      command: process.execPath,
      args: ["src/server.ts", ...args],
      env: cleanEnv(),
      stderr: "ignore",
    }),
  );
  onTestFinished(() => client.close());
  return client;
}

/** A server over HTTP in a process of its own, from its `listening on` line to the end of the test. */
async function overHttp(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const child = spawn(
    process.execPath,
    ["src/server.ts", "--http", "127.0.0.1:0", "--sandbox", ...args],
    { env: cleanEnv(env) },
  );
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  for await (const chunk of child.stderr) {
    const url = /^listening on (http:\/\/127\.0\.0\.1:\d+\/mcp)$/m.exec(String(chunk))?.[1];
    if (url !== undefined) return { child, url };
  }
  throw new Error("the server ended before it listened");
}

async function exitOf(child: ChildProcess): Promise<unknown> {
  const [code] = await once(child, "exit");
  return code;
}

test("a change waits for the command that it names, and goes on with its code", async () => {
  const folder = stateFolder();
  const client = await onStdio(["--sandbox", "--state-dir", folder]);
  const asked = answer.parse((await client.callTool(rollback)).structuredContent);
  expect(asked.status).toBe("approval_required");
  const command = `${process.execPath} ${process.cwd()}/src/server.ts approve ${asked.code} --state-dir ${folder}`;
  expect(asked.approve_command).toBe(command);
  const approved = await atTerminal(command.split(" ").slice(2), [["to approve", "customer-etl"]]);
  expect(approved.code).toBe(0);
  const args = { ...rollback.arguments, approval_code: asked.code };
  const done = await client.callTool({ name: "helm_rollback", arguments: args });
  expect(answer.parse(done.structuredContent).status).toBe("applied");
});

test("a client of the older generation is served too", async () => {
  const client = new OlderClient(info);
  const args = ["src/server.ts", "--sandbox", "--state-dir", stateFolder()];
  await client.connect(
    new OlderStdio({ command: process.execPath, args, env: cleanEnv(), stderr: "ignore" }),
  );
  onTestFinished(() => client.close());
  const { tools } = await client.listTools();
  expect(tools.map(({ name }) => name)).toContain("list_active_alarms");
});

test("a start on stdio touches no store, and ends with its input", async () => {
  const folder = stateFolder();
  const child = spawn(process.execPath, ["src/server.ts", "--state-dir", folder], {
    env: cleanEnv({ AWS_REGION: "eu-west-1" }),
  });
  const hello = { protocolVersion: "2025-11-25", capabilities: {}, clientInfo: info };
  child.stdin.write(
    `${JSON.stringify({ jsonrpc: "2.0", id: 1, method: "initialize", params: hello })}\n`,
  );
  child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", method: "notifications/initialized" })}\n`);
  child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", id: 2, method: "tools/list" })}\n`);
  for await (const chunk of child.stdout) if (String(chunk).includes('"id":2')) break;
  expect(existsSync(join(folder, "firewatch.db"))).toBe(false);
  child.stdin.end();
  expect(await exitOf(child)).toBe(0);
});

test("HTTP serves the same tools, to callers with a token, until it is told to stop", async () => {
  const env = { FIREWATCH_HTTP_TOKEN: "correct-horse-battery" };
  const { child, url } = await overHttp(["--state-dir", stateFolder()], env);
  expect((await fetch(url, { method: "POST" })).status).toBe(401);
  const client = new Client(info, { versionNegotiation: { mode: { pin: "2026-07-28" } } });
  const headers = { Authorization: `Bearer ${env.FIREWATCH_HTTP_TOKEN}` };
  await client.connect(
    new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }),
  );
  const { structuredContent } = await client.callTool({
    name: "list_active_alarms",
    arguments: {},
  });
  expect(structuredContent).toHaveProperty("alarms");
  child.kill("SIGTERM");
  expect(await exitOf(child)).toBe(0);
});

test("over HTTP too, the person is asked in a dialog, in both generations", async () => {
  const { url } = await overHttp(["--state-dir", stateFolder(), "--policy", withoutCooldown()]);
  const yes = async () => ({
    action: "accept" as const,
    content: { approve: true, target: "customer-etl" },
  });
  const older = new OlderClient(info, { capabilities: { elicitation: {} } });
  older.setRequestHandler(ElicitRequestSchema, yes);
  await older.connect(new OlderHttp(new URL(url)));
  const first = await older.callTool(rollback);
  expect(answer.parse(first.structuredContent).status).toBe("applied");
  const newer = new Client(info, {
    capabilities: { elicitation: { form: {} } },
    versionNegotiation: { mode: { pin: "2026-07-28" } },
  });
  newer.setRequestHandler("elicitation/create", yes);
  await newer.connect(new StreamableHTTPClientTransport(new URL(url)));
  const forth = { ...rollback.arguments, revision: 7 };
  const second = await newer.callTool({ name: "helm_rollback", arguments: forth });
  expect(answer.parse(second.structuredContent).status).toBe("applied");
  await Promise.all([older.close(), newer.close()]);
});

/** So that one test may change the same thing twice. */
function withoutCooldown(): string {
  const path = join(stateFolder(), "policy.yaml");
  writeFileSync(path, "version: 1\nlimits: { cooldown_minutes: 0 }\n");
  return path;
}

test("it is not ready while its policy cannot be read", async () => {
  const folder = stateFolder();
  const { url } = await overHttp(["--state-dir", folder]);
  expect((await fetch(new URL("/readyz", url))).status).toBe(200);
  writeFileSync(join(folder, "policy.yaml"), "version: one");
  const answered = await fetch(new URL("/readyz", url));
  expect([answered.status, await answered.json()]).toEqual([
    503,
    { status: "not ready", failing: ["policy"] },
  ]);
});

test("an address that is taken, or open to others without a token, stops the start", async () => {
  const { url } = await overHttp(["--state-dir", stateFolder()]);
  const taken = new URL(url).host;
  const [busy, open] = await Promise.all([
    spawned(["--http", taken, "--sandbox", "--state-dir", stateFolder()]),
    spawned(["--http", "0.0.0.0:0"]),
  ]);
  expect(busy).toMatchObject({ code: 2, errors: expect.stringContaining(`${taken} is in use`) });
  expect(open).toMatchObject({ code: 2, errors: expect.stringContaining("callers need a token") });
});
