import {
  CLIENT_CAPABILITIES_META_KEY,
  type ElicitRequestFormParams,
  type McpServer,
  type ServerContext,
} from "@modelcontextprotocol/server";
import type { Question } from "#calls/outcome.ts";
import { isObject } from "#domain/json.ts";

/** Whether the host says that it can ask its user. A bare `elicitation: {}` means forms. */
export function canElicit(server: McpServer, ctx: ServerContext): boolean {
  const envelope: unknown = ctx.mcpReq.envelope;
  const perRequest = isObject(envelope) ? envelope[CLIENT_CAPABILITIES_META_KEY] : undefined;
  const capabilities: unknown = perRequest ?? server.server.getClientCapabilities();
  if (!isObject(capabilities) || !isObject(capabilities.elicitation)) return false;
  return "form" in capabilities.elicitation || Object.keys(capabilities.elicitation).length === 0;
}

/** The form: a yes, and for high risk the target's name in the person's own typing. */
export function approvalForm({ message, target }: Question): ElicitRequestFormParams {
  return {
    mode: "form",
    message,
    requestedSchema: {
      type: "object",
      properties: {
        approve: {
          type: "boolean",
          title: "Approve",
          description: "Carry out exactly this plan, once.",
        },
        ...(target === undefined ? {} : { target: targetField }),
      },
      required: target === undefined ? ["approve"] : ["approve", "target"],
    },
  };
}

const targetField = {
  type: "string",
  title: "Target",
  description: "Type the target's name to confirm.",
  maxLength: 253,
} as const;
