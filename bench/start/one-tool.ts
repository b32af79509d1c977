import { McpServer } from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import * as z from "zod";

/** The least that an MCP server can be on the same SDK: what a start costs before any code of ours. */
serveStdio(() => {
  const server = new McpServer({ name: "one-tool", version: "1.0.0" });
  const inputSchema = z.strictObject({ text: z.string().describe("What to say back.") });
  server.registerTool(
    "echo",
    { description: "Says back what it is told.", inputSchema },
    (args) => ({
      content: [{ type: "text", text: args.text }],
    }),
  );
  return server;
});
