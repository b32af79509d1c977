import type { McpServer } from "@modelcontextprotocol/server";
import { onTestFinished } from "vitest";
import { listen } from "#http/listen.ts";
import { notReady } from "#http/readiness.ts";
import { promptLibrary } from "#listed.ts";
import { createMcpFactory } from "#mcp/server.ts";
import type { Seal } from "#mcp/state.ts";
import { callsOver, openHouse } from "../../support/connect.ts";
import { registerPrompts } from "./fixtures/prompts.ts";
import { registerQuestions } from "./fixtures/questions.ts";
import { registerResources } from "./fixtures/resources.ts";
import { registerRounds } from "./fixtures/rounds.ts";
import { registerTools } from "./fixtures/tools.ts";

/** Firewatch over HTTP until the test ends; with fixtures, what the suite wants to find stands beside its own tools. */
export async function serveForSuite(options: { readonly fixtures: boolean }): Promise<string> {
  const { house } = await openHouse();
  const factory = createMcpFactory({
    calls: callsOver(house),
    version: "0.0.0",
    library: promptLibrary,
    identity: { principal: "anonymous", transport: "http", verified: false },
    ...(options.fixtures && { decorate: registerFixtures }),
  });
  const { url, close } = await listen(
    {
      host: "127.0.0.1",
      port: 0,
      machineName: "box",
      allowedHosts: [],
      allowedOrigins: [],
      tokens: [],
    },
    {
      factory,
      notReady: () => notReady(house),
      onError: () => undefined,
      wallClock: house.wallClock,
    },
  );
  onTestFinished(close);
  return url;
}

function registerFixtures(server: McpServer, seal: Seal): void {
  registerTools(server);
  registerQuestions(server);
  registerRounds(server, seal);
  registerResources(server);
  registerPrompts(server);
}
