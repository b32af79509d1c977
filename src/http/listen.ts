import type { AddressInfo } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import { urlHost } from "./address.ts";
import { createHttpApp, type HttpParts, type HttpSettings } from "./app.ts";

export interface Listening {
  /** Where MCP is served. */
  readonly url: string;
  close(): Promise<void>;
}

const SWEEP_MS = 60_000;

/** Serves over HTTP. Rejects when the address cannot be listened on. */
export async function listen(
  settings: HttpSettings & { readonly port: number },
  parts: HttpParts,
): Promise<Listening> {
  const app = createHttpApp(settings, parts);
  const server = createAdaptorServer({ fetch: app.fetch });
  const address = await new Promise<AddressInfo | string | null>((resolve, reject) => {
    server.once("error", reject);
    server.listen(settings.port, settings.host, () => resolve(server.address()));
  });
  const timer = setInterval(() => void app.sweep().catch(parts.onError), SWEEP_MS).unref();
  const port = typeof address === "object" ? address?.port : settings.port;
  return {
    url: `http://${urlHost(settings.host)}:${port}/mcp`,
    async close() {
      clearInterval(timer);
      const closed = new Promise((resolve) => server.close(resolve));
      await app.close();
      if ("closeAllConnections" in server) server.closeAllConnections();
      await closed;
    },
  };
}
