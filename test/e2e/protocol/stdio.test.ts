import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { expect, onTestFinished, test } from "vitest";
import { rollback } from "./rollback.ts";
import { startOf } from "./server.ts";

const hello = {
  id: 0,
  method: "initialize",
  params: {
    protocolVersion: "2025-11-25",
    capabilities: {},
    clientInfo: { name: "raw", version: "1" },
  },
};

/** A server whose lines are read and written as they are. */
function raw() {
  const { command, args, env } = startOf({});
  const child = spawn(command, args, { env });
  onTestFinished(() => {
    child.kill("SIGKILL");
  });
  child.stderr.resume();
  const lines: string[] = [];
  const reader = createInterface(child.stdout).on("line", (line) => lines.push(line));
  const write = (line: string) => child.stdin.write(`${line}\n`);
  const send = (message: object) => write(JSON.stringify({ jsonrpc: "2.0", ...message }));
  const answer = (id: number) =>
    lines.map((line) => JSON.parse(line)).find((message) => message.id === id);
  return {
    lines,
    write,
    send,
    /** The answer to a request, once it has come. */
    async request(message: {
      readonly id: number;
      readonly method: string;
      readonly params?: object;
    }) {
      send(message);
      while (answer(message.id) === undefined) await once(reader, "line");
      return answer(message.id);
    },
    async end() {
      child.stdin.end();
      const [code] = await once(child, "exit");
      return Number(code);
    },
  };
}

function call(id: number, name: string, args: object, meta: object = {}) {
  return { id, method: "tools/call", params: { name, arguments: args, _meta: meta } };
}

test("standard output carries protocol alone, whatever comes in", async () => {
  const server = raw();
  await server.request(hello);
  server.send({ method: "notifications/initialized" });
  for (const line of ["{", "", "null", "[]", '"text"', '{"jsonrpc":"2.0"}', "\u0000\ufeff"]) {
    server.write(line);
  }
  await server.request({ id: 1, method: "tools/list" });
  const asked = await server.request(call(2, "helm_rollback", rollback, { progressToken: "p" }));
  expect(asked.result.structuredContent.status).toBe("approval_required");
  const report = { severity: "P2", summary: "The pool ran dry." };
  await server.request(call(3, "post_incident_report", report));
  await server.request({ id: 4, method: "prompts/get", params: { name: "incident_supervisor" } });
  await server.request({ id: 5, method: "resources/list" });
  expect(await server.end()).toBe(0);
  for (const line of server.lines) expect(JSON.parse(line)).toMatchObject({ jsonrpc: "2.0" });
});

test("what cannot be done is refused with a reason, and never as an internal error", async () => {
  const server = raw();
  await server.request(hello);
  const method = await server.request({ id: 1, method: "no/such" });
  expect(method.error.code).toBe(-32601);
  const tool = await server.request(call(2, "no_such_tool", {}));
  expect(tool.error).toEqual({ code: -32602, message: "Tool no_such_tool not found" });
  const argument = await server.request(call(3, "kubectl_get", { kind: "pods" }));
  expect(argument.result).toMatchObject({
    isError: true,
    content: [{ text: expect.stringMatching(/^invalid_input: .*Valid arguments:/s) }],
  });
  const noArguments = await server.request({
    id: 4,
    method: "tools/call",
    params: { name: "kubectl_get" },
  });
  expect(noArguments.result.isError).toBe(true);
  const long = await server.request(
    call(5, "list_active_alarms", { name_prefix: "x".repeat(2 ** 21) }),
  );
  expect(long.result.isError).toBe(true);
  expect(long.result.content[0].text.length).toBeLessThan(2_000);
  expect(await server.request({ id: 6, method: "ping" })).toMatchObject({ result: {} });
});
