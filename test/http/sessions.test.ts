import { McpServer } from "@modelcontextprotocol/server";
import { expect, test } from "vitest";
import { createSessions } from "#http/sessions.ts";

const factory = () => new McpServer({ name: "test", version: "1" });
const limits = { most: 2, idleMs: 1_000, bodyBytes: 10_000 };

function timed() {
  let time = 0;
  const sessions = createSessions(factory, limits, () => time);
  return {
    sessions,
    pass(ms: number) {
      time += ms;
    },
    async begin() {
      const answer = await sessions.fetch(posted(initialize), undefined);
      await answer.text();
      return answer.headers.get("mcp-session-id") ?? "";
    },
    async ping(id: string) {
      const answer = await sessions.fetch(posted(ping, id), undefined);
      await answer.text();
      return answer.status;
    },
  };
}

test("a session that was left alone ends, one with an open stream does not", async () => {
  const { sessions, begin, ping, pass } = timed();
  const [left, streaming] = [await begin(), await begin()];
  const stream = await sessions.fetch(streamed(streaming), undefined);
  pass(1_001);
  await sessions.sweep();
  expect([await ping(left), await ping(streaming)]).toEqual([404, 200]);
  await stream.body?.cancel();
  pass(1_001);
  await sessions.sweep();
  expect(await ping(streaming)).toBe(404);
});

test("when there are too many, the longest idle makes room", async () => {
  const { begin, ping, pass } = timed();
  const first = await begin();
  pass(1);
  const second = await begin();
  pass(1);
  await ping(first);
  const third = await begin();
  expect([await ping(first), await ping(second), await ping(third)]).toEqual([200, 404, 200]);
});

test("closing ends them all", async () => {
  const { sessions, begin, ping } = timed();
  const id = await begin();
  await sessions.close();
  expect(await ping(id)).toBe(404);
});

const initialize = {
  id: 1,
  method: "initialize",
  params: {
    protocolVersion: "2025-11-25",
    capabilities: {},
    clientInfo: { name: "test", version: "1" },
  },
};
const ping = { id: 2, method: "ping" };

function headers(id?: string): Record<string, string> {
  return {
    "Content-Type": "application/json",
    Accept: "application/json, text/event-stream",
    ...(id && { "Mcp-Session-Id": id, "MCP-Protocol-Version": "2025-11-25" }),
  };
}

function posted(message: object, id?: string): Request {
  const body = JSON.stringify({ jsonrpc: "2.0", ...message });
  return new Request("http://localhost/mcp", { method: "POST", headers: headers(id), body });
}

function streamed(id: string): Request {
  return new Request("http://localhost/mcp", { headers: headers(id) });
}
