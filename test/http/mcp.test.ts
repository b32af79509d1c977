import { createHash } from "node:crypto";
import { Client, StreamableHTTPClientTransport } from "@modelcontextprotocol/client";
import { Client as OlderClient } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as OlderTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { ElicitRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import { acceptedContent, inputRequired, McpServer } from "@modelcontextprotocol/server";
import { afterEach, expect, test } from "vitest";
import * as z from "zod";
import { type Listening, listen } from "#http/listen.ts";

const info = { name: "test", version: "1" };
const token = "correct-horse-battery";
const tokens = [
  { name: "ada", sha256: digest(token) },
  { name: "bob", sha256: digest("bob-has-another-token") },
];
const cleanups: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** Asks its user, then says who called and what was answered. */
function asking(): McpServer {
  const server = new McpServer(info);
  server.registerTool("ask", { inputSchema: z.object({}) }, async (_input, context) => {
    const answer = acceptedContent(
      context.mcpReq.inputResponses,
      "q",
      z.object({ yes: z.boolean() }),
    );
    const caller = context.http?.authInfo?.clientId ?? "nobody";
    if (answer !== undefined)
      return { content: [{ type: "text", text: `${caller}: ${answer.yes}` }] };
    const requestedSchema = {
      type: "object" as const,
      properties: { yes: { type: "boolean" as const } },
    };
    return inputRequired({
      inputRequests: { q: inputRequired.elicit({ message: "Shall I?", requestedSchema }) },
    });
  });
  return server;
}

async function serving(options: { readonly secured?: boolean; readonly failing?: string[] } = {}) {
  const listening = await listen(
    {
      host: "127.0.0.1",
      port: 0,
      machineName: "box",
      allowedHosts: ["fw.example.com"],
      allowedOrigins: ["https://console.example.com"],
      tokens: options.secured ? tokens : [],
    },
    {
      factory: asking,
      notReady: async () => options.failing ?? [],
      onError: () => undefined,
      wallClock: { now: () => new Date() },
    },
  );
  cleanups.push(listening.close);
  return listening;
}

function headers(secret?: string) {
  return secret === undefined
    ? {}
    : { requestInit: { headers: { Authorization: `Bearer ${secret}` } } };
}

async function modern({ url }: Listening, secret?: string) {
  const client = new Client(info, {
    capabilities: { elicitation: { form: {} } },
    versionNegotiation: { mode: { pin: "2026-07-28" } },
  });
  client.setRequestHandler("elicitation/create", async () => ({
    action: "accept",
    content: { yes: true },
  }));
  await client.connect(new StreamableHTTPClientTransport(new URL(url), headers(secret)));
  cleanups.push(() => client.close());
  return client;
}

async function older({ url }: Listening, secret?: string) {
  const client = new OlderClient(info, { capabilities: { elicitation: {} } });
  client.setRequestHandler(ElicitRequestSchema, async () => ({
    action: "accept",
    content: { yes: true },
  }));
  const transport = new OlderTransport(new URL(url), headers(secret));
  await client.connect(transport);
  cleanups.push(() => client.close());
  return { client, transport };
}

test("a client of the newer generation is asked and answers", async () => {
  const client = await modern(await serving());
  const { content } = await client.callTool({ name: "ask", arguments: {} });
  expect(content).toEqual([{ type: "text", text: "nobody: true" }]);
});

test("a client of the older generation is asked over its session", async () => {
  const { client, transport } = await older(await serving());
  const { content } = await client.callTool({ name: "ask", arguments: {} });
  expect(content).toEqual([{ type: "text", text: "nobody: true" }]);
  expect(transport.sessionId).toMatch(/^[0-9a-f-]{36}$/);
});

test("callers have the names of their tokens, in both generations", async () => {
  const listening = await serving({ secured: true });
  const newer = await modern(listening, token);
  const { client } = await older(listening, "bob-has-another-token");
  const said = async (call: Promise<{ [field: string]: unknown }>) => (await call).content;
  const ask = { name: "ask", arguments: {} };
  expect(await said(newer.callTool(ask))).toEqual([{ type: "text", text: "ada: true" }]);
  expect(await said(client.callTool(ask))).toEqual([{ type: "text", text: "bob: true" }]);
});

test("a session answers nobody but who began it", async () => {
  const listening = await serving({ secured: true });
  const { transport } = await older(listening, "bob-has-another-token");
  const stolen = await post(listening, {
    Authorization: `Bearer ${token}`,
    "Mcp-Session-Id": transport.sessionId ?? "",
  });
  expect(stolen.status).toBe(404);
});

test.each([[undefined], ["Bearer wrong"], ["Basic Y29ycmVjdA=="], [`Bearer ${digest(token)}`]])(
  "without a known token (%s) nothing is answered",
  async (authorization) => {
    const answer = await post(await serving({ secured: true }), {
      ...(authorization && { Authorization: authorization }),
    });
    expect([answer.status, answer.headers.get("www-authenticate")]).toEqual([401, "Bearer"]);
  },
);

test.each([
  ["evil.example.com", undefined, 403],
  ["127.0.0.1@evil.example.com", undefined, 400],
  ["fw.example.com", undefined, 200],
  ["BOX:80", undefined, 200],
  ["10.1.2.3:8080", undefined, 200],
  ["localhost", "https://evil.example.com", 403],
  ["localhost", "null", 403],
  ["localhost", "http://localhost.evil.example.com", 403],
  ["localhost", "http://localhost:6274", 200],
  ["localhost", "https://console.example.com", 200],
])("host %s, origin %s: %i", async (host, origin, status) => {
  const listening = await serving();
  expect(await rawStatus(listening, { host, ...(origin && { origin }) })).toBe(status);
});

test("a page of an allowed origin may read the answer", async () => {
  const listening = await serving({ secured: true });
  const preflight = await fetch(listening.url, {
    method: "OPTIONS",
    headers: { Origin: "https://console.example.com", "Access-Control-Request-Method": "POST" },
  });
  expect([preflight.status, preflight.headers.get("access-control-allow-origin")]).toEqual([
    204,
    "https://console.example.com",
  ]);
});

test("a body over a mebibyte is refused", async () => {
  const listening = await serving();
  const answer = await post(listening, {}, `{"x":"${"x".repeat(1024 * 1024)}"}`);
  expect(answer.status).toBe(413);
});

test.each([["{"], ["[]"], ["null"], ['{"jsonrpc":"2.0"}'], [""]])(
  "a body that is no request (%s) gets a client error",
  async (body) => {
    const { status } = await post(await serving(), {}, body);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(500);
  },
);

test("an unknown session gets the status that makes clients begin anew", async () => {
  const answer = await post(await serving(), { "Mcp-Session-Id": "gone" });
  expect(answer.status).toBe(404);
});

test("health needs no token; readiness names what fails", async () => {
  const well = await serving({ secured: true });
  const ill = await serving({ failing: ["policy"] });
  expect(await answerOf(new URL("/healthz", well.url))).toEqual([200, { status: "ok" }]);
  expect(await answerOf(new URL("/readyz", well.url))).toEqual([200, { status: "ready" }]);
  expect(await answerOf(new URL("/readyz", ill.url))).toEqual([
    503,
    { status: "not ready", failing: ["policy"] },
  ]);
});

test("an address in use rejects", async () => {
  const { url } = await serving();
  const taken = { host: "127.0.0.1", port: Number(new URL(url).port), machineName: "box" };
  await expect(
    listen(
      { ...taken, allowedHosts: [], allowedOrigins: [], tokens: [] },
      {
        factory: asking,
        notReady: async () => [],
        onError: () => undefined,
        wallClock: { now: () => new Date() },
      },
    ),
  ).rejects.toMatchObject({ code: "invalid_input" });
});

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

async function answerOf(url: URL) {
  const answer = await fetch(url);
  return [answer.status, await answer.json()];
}

const list = JSON.stringify({ jsonrpc: "2.0", id: 1, method: "tools/list", params: {} });

function post({ url }: Listening, extra: Record<string, string>, body = list) {
  return fetch(url, {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      Accept: "application/json, text/event-stream",
      ...extra,
    },
    body,
  });
}

/** fetch does not let a Host be chosen. */
async function rawStatus({ url }: Listening, extra: Record<string, string>) {
  const { request } = await import("node:http");
  return new Promise<number | undefined>((resolve, reject) => {
    const sent = request(new URL("/healthz", url), { headers: extra }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    sent.on("error", reject).end();
  });
}
