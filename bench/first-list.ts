import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import * as z from "zod";

/** What a start took, and what it listed. */
export interface Start {
  readonly ms: number;
  readonly tools: readonly Listed[];
}

const listedSchema = z.object({
  name: z.string(),
  description: z.string(),
  inputSchema: z.record(z.string(), z.unknown()),
});
export type Listed = z.output<typeof listedSchema>;

const answerSchema = z.object({
  id: z.int(),
  result: z.object({ tools: z.array(listedSchema).optional() }),
});

const INITIALIZE = {
  protocolVersion: "2025-11-25",
  capabilities: {},
  clientInfo: { name: "bench", version: "1.0.0" },
};

/** From the spawn of a server to its answer to `tools/list`, over stdio, with no client library in between. */
export async function firstList(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Start> {
  const began = performance.now();
  const child = spawn(process.execPath, args, { env, stdio: ["pipe", "pipe", "inherit"] });
  const ended = once(child, "exit");
  const send = (message: object) =>
    child.stdin.write(`${JSON.stringify({ jsonrpc: "2.0", ...message })}\n`);
  send({ id: 1, method: "initialize", params: INITIALIZE });
  for await (const line of createInterface({ input: child.stdout })) {
    const ms = performance.now() - began;
    const { id, result } = answerSchema.parse(JSON.parse(line));
    if (id === 2) {
      child.stdin.end();
      await ended;
      return { ms, tools: result.tools ?? [] };
    }
    send({ method: "notifications/initialized" });
    send({ id: 2, method: "tools/list", params: {} });
  }
  throw new Error(`${args.join(" ")} ended without listing its tools`);
}
