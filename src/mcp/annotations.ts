import type { ToolAnnotations } from "@modelcontextprotocol/server";
import type { ListedTool } from "#tools/list.ts";

/** All four hints, derived from what the tool is. */
export function annotationsFor(tool: ListedTool): ToolAnnotations {
  const changes = tool.kind === "action" || tool.kind === "redirect";
  return {
    readOnlyHint: tool.kind === "query",
    destructiveHint: changes,
    idempotentHint: tool.kind === "query",
    openWorldHint: tool.needs.some((need) => WORLD.has(need)) || changes,
  };
}

/** Ports that reach beyond Firewatch's own records and files. */
const WORLD: ReadonlySet<string> = new Set([
  "alarms",
  "metrics",
  "logs",
  "workloads",
  "releases",
  "chat",
]);
