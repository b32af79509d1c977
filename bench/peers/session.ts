import { readdirSync, readFileSync } from "node:fs";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { countTokens } from "gpt-tokenizer/encoding/o200k_base";
import * as z from "zod";
import type { Command } from "./servers.ts";

export interface Answer {
  readonly ms: number;
  readonly tokens: number;
  readonly text: string;
  readonly failed: boolean;
}

/** A running server. */
export interface Session {
  ask(tool: string, args: Readonly<Record<string, unknown>>): Promise<Answer>;
  /** The most memory that the server and what it started have held so far, in MiB. */
  peakMiB(): number;
  close(): Promise<void>;
}

const resultSchema = z.object({
  content: z.array(z.looseObject({ text: z.string().default("") })),
  isError: z.boolean().default(false),
});

/** Longer than any of the questions takes. */
const TIMEOUT_MS = 120_000;

export async function openSession({ command, args, env }: Command): Promise<Session> {
  const transport = new StdioClientTransport({
    ...{ command, args: [...args], stderr: "ignore" },
    env: { ...env, PATH: process.env.PATH ?? "" },
  });
  const client = new Client({ name: "bench", version: "1.0.0" });
  await client.connect(transport);
  return {
    ask: (tool, given) => ask(client, tool, given),
    peakMiB: () => sum(family(transport.pid ?? 0).map(peakKiB)) / 1024,
    close: () => client.close(),
  };
}

/** A protocol error is an answer too: its words are what the model reads. */
async function ask(client: Client, name: string, given: object): Promise<Answer> {
  const began = performance.now();
  const { text, failed } = await client
    .callTool({ name, arguments: { ...given } }, { timeout: TIMEOUT_MS })
    .then((result) => {
      const { content, isError } = resultSchema.parse(result);
      return { text: content.map((part) => part.text).join("\n"), failed: isError };
    })
    .catch((error: unknown) => ({ text: String(error), failed: true }));
  return { ms: performance.now() - began, tokens: countTokens(text), text, failed };
}

/** The process and all that it has started, by Linux's own record. */
function family(root: number): readonly number[] {
  const parents = readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map((name) => [Number(name), Number(field(Number(name), "PPid"))] as const);
  const below = (pid: number): readonly number[] =>
    parents.flatMap(([child, parent]) => (parent === pid ? [child, ...below(child)] : []));
  return [root, ...below(root)];
}

function peakKiB(pid: number): number {
  return Number.parseInt(field(pid, "VmHWM"), 10) || 0;
}

/** A field of a process; empty when the process has ended. */
function field(pid: number, name: string): string {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    return new RegExp(`^${name}:\\s*(\\S+)`, "m").exec(status)?.[1] ?? "";
  } catch {
    return "";
  }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
