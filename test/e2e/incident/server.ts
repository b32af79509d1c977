import { join } from "node:path";
import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { inject } from "vitest";
import * as z from "zod";
import { openStore, type Store } from "#store/index.ts";
import { awsBackend } from "../backends/aws/backend.ts";
import { CONTEXT } from "../backends/kubernetes/cluster.ts";
import { cluster } from "../kubernetes/cluster.ts";
import type { Cleanup, Stage } from "./stage.ts";

/** How a server is started on a stage. */
export interface ServerOptions {
  readonly stage: Stage;
  readonly stateDir: string;
  readonly mode?: "live" | "dry-run";
  readonly region?: string;
  readonly callSeconds?: number;
  /** Another address of the cluster. */
  readonly kubeconfig?: string;
  readonly namespaces?: string;
}

export interface Command {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Record<string, string>;
}

const script = join(import.meta.dirname, "../../../src/server.ts");

/** The command line of a server on the stage. */
export async function serverCommand(options: ServerOptions, extra: readonly string[] = []) {
  const { stage, mode = "live", region, callSeconds = 45, kubeconfig, namespaces } = options;
  const env = await cluster().environment(4, kubeconfig ?? stage.kubeconfig);
  const args = [
    ...[script, ...extra, "--mode", mode, "--kube-contexts", CONTEXT],
    ...["--namespaces", namespaces ?? stage.namespace],
    ...["--state-dir", options.stateDir, "--call-seconds", `${callSeconds}`],
    ...(region ? ["--regions", region] : []),
  ];
  const aws = region ? awsBackend(inject("awsEndpoint")).env : {};
  return { command: process.execPath, args, env: { ...env, ...aws } } satisfies Command;
}

/** What the person answers in the host's dialog. */
export interface Reply {
  readonly action: "accept" | "decline" | "cancel";
  readonly content?: Record<string, string | boolean>;
}
export type Person = (message: string) => Reply | Promise<Reply>;

export interface Answer {
  readonly text: string;
  readonly value: Record<string, unknown>;
  readonly failed: boolean;
}

export interface Session {
  call(name: string, args?: Readonly<Record<string, unknown>>): Promise<Answer>;
  /** Of the server's process, which leads a group of its own when it was started `apart`. */
  readonly pid: number;
  close(): Promise<void>;
}

export const answerSchema = z
  .object({
    content: z.array(z.object({ type: z.string(), text: z.string().default("") })),
    structuredContent: z.record(z.string(), z.unknown()).default({}),
    isError: z.boolean().default(false),
  })
  .transform(({ content, structuredContent, isError }) => ({
    text: content.map(({ text }) => text).join("\n"),
    value: structuredContent,
    failed: isError,
  }));

const CALL_MS = 280_000;

/** A server as a process of its own, and a client of the newer generation. Without a person its host cannot ask. */
export async function startServer(
  options: ServerOptions & { readonly person?: Person; readonly apart?: boolean },
  cleanup: Cleanup,
): Promise<Session> {
  const { command, args, env } = await serverCommand(options);
  const [first, ...rest] = options.apart ? ["setsid", command, ...args] : [command, ...args];
  const transport = new StdioClientTransport({ command: first, args: rest, env, stderr: "ignore" });
  const client = newerClient(options.person);
  await client.connect(transport);
  const close = () => client.close();
  cleanup(close);
  return {
    pid: transport.pid ?? 0,
    close,
    async call(name, args = {}) {
      const given = { name, arguments: { ...args } };
      return answerSchema.parse(await client.callTool(given, { timeout: CALL_MS }));
    },
  };
}

function newerClient(person: Person | undefined): Client {
  const client = new Client(
    { name: "newer", version: "0" },
    {
      capabilities: person ? { elicitation: { form: {} } } : {},
      versionNegotiation: { mode: { pin: "2026-07-28" } },
    },
  );
  if (person) {
    client.setRequestHandler("elicitation/create", async ({ params }) => ({
      ...(await person(params.message)),
    }));
  }
  return client;
}

/** The records in a state folder. */
export async function recordsIn(stateDir: string, cleanup: Cleanup): Promise<Store> {
  const store = await openStore({ path: join(stateDir, "firewatch.db") });
  cleanup(() => store.close());
  return store;
}
