import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { expect, test, vi } from "vitest";
import { answerSchema } from "./server.ts";
import { NAME, stateFolder } from "./stage.ts";

test("`npm run backends` starts what its lines point at, and Ctrl-C ends all of it", async ({
  onTestFinished,
}) => {
  const backends = spawn("npm", ["run", "--silent", "backends"], {
    detached: true,
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => {
    if (alive(backends)) process.kill(-groupOf(backends), "SIGKILL");
  });
  const exports = await linesUntilReady(backends.stdout);
  expect(exports.every((line) => /^export [A-Z][A-Z0-9_]*=\S/.test(line))).toBe(true);

  const server = `${process.execPath} src/server.ts --state-dir ${stateFolder(onTestFinished)}`;
  const script = [...exports, `exec ${server}`].join("\n");
  const client = new Client({ name: "shell", version: "0" });
  await client.connect(new StdioClientTransport({ command: "bash", args: ["-c", script] }));
  onTestFinished(() => client.close());
  const call = async (name: string, args: Record<string, unknown>) =>
    answerSchema.parse(await client.callTool({ name, arguments: args }));
  const alarms = await call("list_active_alarms", {});
  expect(alarms.text).toContain(`${NAME}-failure-rate`);
  const release = { release: NAME, namespace: "data" };
  const plan = await call("helm_rollback", release);
  expect(plan.value, plan.text).toMatchObject({
    status: "planned",
    plan: { summary: expect.stringContaining("from revision 7") },
  });

  const exit = once(backends, "exit");
  process.kill(-groupOf(backends), "SIGINT");
  await exit;
  await vi.waitFor(() => expect(alive(backends)).toBe(false), 20_000);
}, 180_000);

/** What was printed before `ready`. */
async function linesUntilReady(output: Readable): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const line of createInterface({ input: output })) {
    if (line === "ready") return lines;
    lines.push(line);
  }
  throw new Error(`It ended before it was ready: ${lines.join("\n")}`);
}

const groupOf = ({ pid = 0 }: ChildProcess) => pid;

/** Whether any process of its group is left. */
function alive(child: ChildProcess): boolean {
  try {
    return process.kill(-groupOf(child), 0);
  } catch {
    return false;
  }
}
