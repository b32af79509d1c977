import { McpServer, type McpServerFactory, type ServerContext } from "@modelcontextprotocol/server";
import type { Calls } from "#calls/index.ts";
import type { PromptLibrary } from "#prompts/index.ts";
import type { ListedTool } from "#tools/list.ts";
import { annotationsFor } from "./annotations.ts";
import { callerOf, type Identity } from "./caller.ts";
import { registerPrompts } from "./prompts.ts";
import { registerResources } from "./resources.ts";
import { passThrough } from "./schema.ts";
import { type Seal, stateSeal } from "./state.ts";
import { callTool } from "./tool-call.ts";

export interface McpOptions {
  readonly calls: Calls;
  readonly version: string;
  readonly library: PromptLibrary;
  /** Who is there when the transport brings no verified identity. */
  readonly identity: Identity;
  /** Adds what only tests need, after everything else. States that go through a client need the seal. */
  readonly decorate?: (server: McpServer, seal: Seal) => void;
}

/** One factory for stdio, HTTP and the in-memory pair, and for both protocol generations. */
export function createMcpFactory(options: McpOptions): McpServerFactory {
  return ({ era, authInfo }) => {
    const identity: Identity = authInfo
      ? { principal: authInfo.clientId, transport: "http", verified: true }
      : options.identity;
    return createServer(options, era, identity);
  };
}

function createServer(options: McpOptions, era: "legacy" | "modern", identity: Identity) {
  const { calls, version, library } = options;
  const { instructions } = library;
  const who = (ctx: ServerContext) => callerOf(server, ctx, identity);
  const { seal, verify } = stateSeal(calls, who);
  const server: McpServer = new McpServer(
    { name: "firewatch", title: "Firewatch", version },
    { instructions, capabilities: CAPABILITIES, requestState: { verify }, cacheHints: CACHE },
  );
  for (const tool of calls.context.tools) {
    server.registerTool(tool.name, listing(tool), (args, ctx) =>
      callTool({ calls, server, era, seal, name: tool.name, args, caller: who(ctx), ctx }),
    );
  }
  registerPrompts(server, calls, library.prompts, who);
  registerResources(server, calls);
  options.decorate?.(server, seal);
  return server;
}

/** Nobody is told of changed lists: the SDK would promise it. */
const CAPABILITIES = {
  tools: { listChanged: false },
  prompts: { listChanged: false },
  resources: { listChanged: false },
} as const;

/** Lists change only with a restart; answers of tools are never cached. */
const CACHE = {
  "tools/list": { ttlMs: 300_000, cacheScope: "private" },
  "prompts/list": { ttlMs: 300_000, cacheScope: "private" },
  "resources/templates/list": { ttlMs: 300_000, cacheScope: "private" },
} as const;

function listing(tool: ListedTool) {
  return {
    title: tool.title,
    description: tool.description,
    inputSchema: passThrough(tool.inputSchema),
    outputSchema: passThrough(tool.outputSchema),
    annotations: annotationsFor(tool),
  };
}
