import * as z from "zod";
import { actionResultSchema } from "#domain/approvals/result.ts";
import { isObject, type JsonObject, toJsonObject } from "#domain/json.ts";
import type { Toolset } from "./index.ts";
import type { Described, Tool } from "./tool.ts";

/** What lists show of a tool: plain data, which a build makes once. */
export interface ListedTool extends Omit<Described, "input"> {
  readonly kind: Tool["kind"];
  readonly inputSchema: JsonObject;
  readonly outputSchema: JsonObject;
}

export interface ListedToolset extends Omit<Toolset, "tools"> {
  readonly tools: readonly ListedTool[];
}

export interface ToolList {
  readonly toolsets: readonly ListedToolset[];
  /** Offered with any action. */
  readonly forActions: readonly ListedTool[];
}

/** The catalogue as data, in its order. */
export function listTools(toolsets: readonly Toolset[], forActions: readonly Tool[]): ToolList {
  return {
    toolsets: toolsets.map(({ tools, ...set }) => ({ ...set, tools: tools.map(listed) })),
    forActions: forActions.map(listed),
  };
}

function listed(tool: Tool): ListedTool {
  const { name, title, description, kind, needs, place } = tool;
  const inputSchema = jsonSchema(tool.input, "input");
  const outputSchema = jsonSchema(outputOf(tool), "output");
  return { name, title, description, kind, needs, place, inputSchema, outputSchema };
}

function outputOf(tool: Tool): z.ZodObject {
  return tool.kind === "query" || tool.kind === "record" ? tool.output : actionResultSchema;
}

/** JSON Schema without `$schema`, which costs 17 tokens a tool and says nothing to a model. */
function jsonSchema(schema: z.ZodObject, io: "input" | "output"): JsonObject {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: "any" });
  return toJsonObject(singleTypes(rest));
}

/** Model providers that know one `type` alone drop or refuse a list of them: each gets a branch of its own. */
function singleTypes(node: object): Record<string, unknown> {
  const entries = Object.entries(node).map(([key, value]): [string, unknown] =>
    key === "type" && Array.isArray(value)
      ? ["anyOf", value.map((type: unknown) => ({ type }))]
      : [key, within(value)],
  );
  return Object.fromEntries(entries);
}

function within(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(within);
  return isObject(value) ? singleTypes(value) : value;
}
