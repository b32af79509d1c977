import {
  CLIENT_INFO_META_KEY,
  type McpServer,
  type ServerContext,
} from "@modelcontextprotocol/server";
import { isObject } from "#domain/json.ts";
import type { Caller } from "#tools/tool.ts";

/** Who the transport says is there. */
export interface Identity {
  readonly principal: string;
  readonly transport: Caller["transport"];
  readonly verified: boolean;
}

/** The caller of a request. The client's name is what it says of itself. */
export function callerOf(server: McpServer, ctx: ServerContext, identity: Identity): Caller {
  const envelope: unknown = ctx.mcpReq.envelope;
  const perRequest = isObject(envelope) ? envelope[CLIENT_INFO_META_KEY] : undefined;
  const info: unknown = perRequest ?? server.server.getClientVersion();
  const named = isObject(info) && typeof info.name === "string" ? info.name : "unknown";
  const { principal, transport, verified } = identity;
  return { principal, transport, verified, client: named.slice(0, 80) };
}
