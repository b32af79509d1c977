import type { AddressInfo } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import { OpsError } from "#errors.ts";
import { urlHost } from "./address.ts";
import { createHttpApp, type HttpParts, type HttpSettings } from "./app.ts";

export interface Listening {
  /** Where MCP is served. */
  readonly url: string;
  close(): Promise<void>;
}

const SWEEP_MS = 60_000;

/** Serves over HTTP. Throws `invalid_input` when the address cannot be listened on. */
export async function listen(
  settings: HttpSettings & { readonly port: number },
  parts: HttpParts,
): Promise<Listening> {
  const app = createHttpApp(settings, parts);
  const server = createAdaptorServer({ fetch: app.fetch });
  const address = await new Promise<AddressInfo | string | null>((resolve, reject) => {
    server.once("error", (error) => reject(cannotListen(settings, error)));
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

function cannotListen({ host, port }: { host: string; port: number }, error: Error): OpsError {
  const taken = "code" in error && error.code === "EADDRINUSE";
  return new OpsError(
    "invalid_input",
    `${urlHost(host)}:${port} ${taken ? "is in use" : `cannot be listened on: ${error.message}`}.`,
    "Give another address to --http; port 0 takes a free one.",
  );
}
