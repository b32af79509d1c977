import type { McpServerFactory } from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";

/** Serves the process's own standard input and output. */
export function serveOnStdio(
  factory: McpServerFactory,
  onerror: (error: Error) => void,
): { close(): Promise<void> } {
  return serveStdio(factory, { onerror });
}
