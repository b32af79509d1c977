import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import { Client as OlderClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport as OlderStdio } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport as OlderHttp } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { ElicitRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { onTestFinished } from "vitest";
import * as z from "zod";
import type { ElicitAnswer } from "../../support/connect.ts";
import { overHttp, type Start, startOf } from "./server.ts";

/** SDK 1.x; SDK 2.x held to 2026-07-28; SDK 2.x as it negotiates by itself. */
export type Generation = "older" | "pinned" | "auto";
export type TransportKind = "stdio" | "http";

export const kinds: readonly (readonly [Generation, TransportKind])[] = [
  ["older", "stdio"],
  ["older", "http"],
  ["pinned", "stdio"],
  ["pinned", "http"],
  ["auto", "stdio"],
  ["auto", "http"],
];

/** Generations whose messages differ. */
export const bothEras: typeof kinds = kinds.filter(([generation]) => generation !== "auto");

export type Ask = (message: string) => ElicitAnswer | Promise<ElicitAnswer>;

export interface Host extends Start {
  /** What its person answers. Without it the host cannot ask. */
  readonly answer?: Ask;
  /** A server over HTTP that is there already. */
  readonly url?: string;
  readonly token?: string;
}

export interface CallOptions {
  readonly onprogress?: (progress: { readonly message?: string | undefined }) => void;
  readonly signal?: AbortSignal;
}

export interface Called {
  readonly text: string;
  readonly value: Readonly<Record<string, unknown>>;
  readonly failed: boolean;
}

export interface Connected {
  /** As negotiated, where the client tells. */
  readonly protocol: string | undefined;
  listTools(): Promise<readonly string[]>;
  call(name: string, args?: Record<string, unknown>, options?: CallOptions): Promise<Called>;
  /** Over stdio its server ends with it. */
  close(): Promise<void>;
}

/** A client of that generation on the built server, which it starts over stdio and finds over HTTP. */
export function connected(kind: readonly [Generation, TransportKind], host: Host = {}) {
  const [generation, transport] = kind;
  return generation === "older" ? older(transport, host) : newer(generation, transport, host);
}

const info = { name: "test", version: "1" };

async function older(kind: TransportKind, host: Host): Promise<Connected> {
  const { answer } = host;
  const client = new OlderClient(info, { capabilities: answer ? { elicitation: {} } : {} });
  if (answer) {
    client.setRequestHandler(ElicitRequestSchema, async ({ params }) => ({
      ...(await answer(params.message)),
    }));
  }
  const transport =
    kind === "stdio"
      ? new OlderStdio({ ...startOf(host), stderr: "ignore" })
      : new OlderHttp(...(await endpoint(host)));
  await client.connect(transport);
  onTestFinished(() => client.close());
  return {
    protocol: undefined,
    close: () => client.close(),
    listTools: async () => (await client.listTools()).tools.map(({ name }) => name),
    call: async (name, args = {}, options = {}) =>
      called(await client.callTool({ name, arguments: args }, undefined, { ...options })),
  };
}

async function newer(
  generation: "pinned" | "auto",
  kind: TransportKind,
  host: Host,
): Promise<Connected> {
  const { answer } = host;
  const client = new Client(info, {
    capabilities: answer ? { elicitation: { form: {} } } : {},
    versionNegotiation: { mode: generation === "auto" ? "auto" : { pin: "2026-07-28" } },
  });
  if (answer) {
    client.setRequestHandler("elicitation/create", async ({ params }) => ({
      ...(await answer(params.message)),
    }));
  }
  const transport =
    kind === "stdio"
      ? new StdioClientTransport({ ...startOf(host), stderr: "ignore" })
      : new StreamableHTTPClientTransport(...(await endpoint(host)));
  await client.connect(transport);
  onTestFinished(() => client.close());
  return {
    protocol: client.getNegotiatedProtocolVersion(),
    close: () => client.close(),
    listTools: async () => (await client.listTools()).tools.map(({ name }) => name),
    call: async (name, args = {}, options = {}) =>
      called(await client.callTool({ name, arguments: args }, { ...options })),
  };
}

async function endpoint({
  url,
  token,
  ...start
}: Host): Promise<[URL, { requestInit: RequestInit }]> {
  const headers = token === undefined ? {} : { Authorization: `Bearer ${token}` };
  return [new URL(url ?? (await overHttp(start)).url), { requestInit: { headers } }];
}

const reply = z.object({
  content: z.tuple([z.object({ type: z.literal("text"), text: z.string() })]),
  structuredContent: z.record(z.string(), z.unknown()).default({}),
  isError: z.boolean().default(false),
});

function called(result: unknown): Called {
  const { content, structuredContent, isError } = reply.parse(result);
  return { text: content[0].text, value: structuredContent, failed: isError };
}
