import { spawnSync } from "node:child_process";
import { Client } from "@modelcontextprotocol/client";
import { getDefaultEnvironment, StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import * as z from "zod";
import { OpsError } from "#errors.ts";
import type { Reply } from "./approval.ts";
import type { Answer, Caller } from "./caller.ts";

/** A person may take the approval's quarter of an hour. */
const CALL_MS = 20 * 60_000;
/** A server without input ends at once. */
const COMPLAINT_MS = 10_000;
const PROTOCOL = "2026-07-28";

export interface ServerChild {
  readonly command: string;
  readonly args: readonly string[];
}

/** Brings the person's answer to what the server asks. */
type AnswerQuestion = (params: unknown) => Promise<Reply>;

export interface Connection extends Caller {
  /** Such as `firewatch 0.1.0, protocol 2026-07-28`. */
  readonly about: string;
  close(): Promise<void>;
}

const reply = z.object({
  content: z.array(z.object({ type: z.string(), text: z.string().default("") })),
  structuredContent: z.unknown().optional(),
  isError: z.boolean().default(false),
});

/** Starts a server as a child and speaks MCP with it over its standard input and output. */
export async function connectTo(child: ServerChild, answer: AnswerQuestion): Promise<Connection> {
  const transport = new StdioClientTransport({
    command: child.command,
    args: [...child.args],
    stderr: "inherit",
  });
  const client = new Client(
    { name: "firewatch-demo", version: "1" },
    {
      capabilities: { elicitation: { form: {} } },
      versionNegotiation: { mode: { pin: PROTOCOL } },
    },
  );
  client.setRequestHandler("elicitation/create", async ({ params }) => ({
    ...(await answer(params)),
  }));
  await client.connect(transport).catch((error) => {
    throw notStarted(child, error);
  });
  const server = client.getServerVersion();
  return {
    about: `${server?.name ?? "server"} ${server?.version ?? ""}, protocol ${PROTOCOL}`,
    call: (name, args) => callTool(client, name, args),
    close: () => client.close(),
  };
}

async function callTool(
  client: Client,
  name: string,
  args: Readonly<Record<string, unknown>>,
): Promise<Answer> {
  const given = await client.callTool({ name, arguments: { ...args } }, { timeout: CALL_MS });
  const { content, structuredContent, isError } = reply.parse(given);
  const text = content.map((part) => part.text).join("\n");
  return { text, structured: structuredContent, failed: isError };
}

/** The SDK tries the protocol on a process whose complaints it drops: they are asked for once more. */
function notStarted({ command, args }: ServerChild, cause: unknown): OpsError {
  const { stderr } = spawnSync(command, args, {
    input: "",
    env: getDefaultEnvironment(),
    encoding: "utf8",
    timeout: COMPLAINT_MS,
  });
  const said = stderr.trim() || "It said nothing.";
  return new OpsError("unreachable", "The server did not start.", said, { cause });
}
