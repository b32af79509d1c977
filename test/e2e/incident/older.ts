import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";
import { ElicitRequestSchema } from "@modelcontextprotocol/sdk/types.js";
import {
  answerSchema,
  type Person,
  type ServerOptions,
  type Session,
  serverCommand,
} from "./server.ts";
import type { Cleanup } from "./stage.ts";

const CALL_MS = 280_000;

/** Starts a server and connects a client of the older SDK to it. */
export type StartOlder = (
  options: ServerOptions,
  person: Person,
  cleanup: Cleanup,
) => Promise<Pick<Session, "call">>;

/** The server is the client's child. */
export const olderOnStdio: StartOlder = async (options, person, cleanup) => {
  const { command, args, env } = await serverCommand(options);
  const client = olderClient(person);
  await client.connect(new StdioClientTransport({ command, args, env, stderr: "ignore" }));
  cleanup(() => client.close());
  return sessionOf(client);
};

/** The server listens on a free port. */
export const olderOnHttp: StartOlder = async (options, person, cleanup) => {
  const url = await listening(options, cleanup);
  const client = olderClient(person);
  await client.connect(new StreamableHTTPClientTransport(new URL(url)));
  cleanup(() => client.close());
  return sessionOf(client);
};

function olderClient(person: Person): Client {
  const client = new Client({ name: "older", version: "0" }, { capabilities: { elicitation: {} } });
  client.setRequestHandler(ElicitRequestSchema, async ({ params }) => ({
    ...(await person(params.message)),
  }));
  return client;
}

function sessionOf(client: Client): Pick<Session, "call"> {
  return {
    async call(name, args = {}) {
      const given = { name, arguments: { ...args } };
      return answerSchema.parse(await client.callTool(given, undefined, { timeout: CALL_MS }));
    },
  };
}

/** The address that the server says it listens on. */
async function listening(options: ServerOptions, cleanup: Cleanup): Promise<string> {
  const { command, args, env } = await serverCommand(options);
  const server = spawn(command, [...args, "--http", "127.0.0.1:0"], {
    env,
    stdio: ["ignore", "ignore", "pipe"],
  });
  const exit = once(server, "exit");
  cleanup(async () => {
    server.kill("SIGKILL");
    await exit;
  });
  for await (const line of createInterface({ input: server.stderr })) {
    const [, url] = /^listening on (http:\S+)$/.exec(line) ?? [];
    if (url !== undefined) return url;
  }
  throw new Error("The server ended before it listened.");
}
