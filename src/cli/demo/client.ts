import { Client } from "@modelcontextprotocol/client";
import { StdioClientTransport } from "@modelcontextprotocol/client/stdio";
import * as z from "zod";
import { OpsError } from "#errors.ts";
import type { Answer, Caller } from "./caller.ts";

/** A person may take the approval's quarter of an hour. */
const CALL_MS = 20 * 60_000;
const PROTOCOL = "2026-07-28";

export interface ServerChild {
  readonly command: string;
  readonly args: readonly string[];
}

type Answers = Parameters<typeof answerQuestions>[1];

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
export async function connectTo(child: ServerChild, answer: Answers): Promise<Connection> {
  const transport = new StdioClientTransport({
    command: child.command,
    args: [...child.args],
    stderr: "pipe",
  });
  const complaints: string[] = [];
  transport.stderr?.on("data", (chunk) => complaints.push(String(chunk)));
  const client = new Client(
    { name: "firewatch-demo", version: "1" },
    {
      capabilities: { elicitation: { form: {} } },
      versionNegotiation: { mode: { pin: PROTOCOL } },
    },
  );
  answerQuestions(client, answer);
  await client.connect(transport).catch((error) => {
    throw notStarted(complaints.join("").trim() || String(error));
  });
  const server = client.getServerVersion();
  return {
    about: `${server?.name ?? "server"} ${server?.version ?? ""}, protocol ${PROTOCOL}`,
    call: (name, args) => callTool(client, name, args),
    close: () => client.close(),
  };
}

/** What the server asks the host's user goes to the person. */
function answerQuestions(
  client: Client,
  answer: (params: unknown) => Promise<{
    action: "accept" | "decline";
    content?: Record<string, string | boolean>;
  }>,
): void {
  client.setRequestHandler("elicitation/create", async ({ params }) => ({
    ...(await answer(params)),
  }));
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

function notStarted(cause: string): OpsError {
  return new OpsError("unreachable", "The server did not start.", cause);
}
