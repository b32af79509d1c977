import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { createServer, request as forward } from "node:https";
import { join } from "node:path";
import type { Cluster } from "./cluster.ts";
import { portOf } from "./ports.ts";

/** What becomes of a request instead of being passed on. */
export type Fault =
  | {
      readonly kind: "answer";
      readonly status: number;
      readonly message?: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** A page of a proxy or a login, in place of the API. */
  | { readonly kind: "page" }
  /** The connection ends before an answer, in the middle of one, or when the server has done what was asked. */
  | { readonly kind: "cut" | "half" | "cut-after" }
  /** No answer, ever. */
  | { readonly kind: "silence" };

export interface Seen {
  readonly method: string;
  readonly path: string;
}

export interface FaultProxy {
  readonly url: string;
  /** Every request since the last `plan`. */
  readonly seen: readonly Seen[];
  /** Decides about each request that follows; nothing decided means that it is passed on. */
  plan(decide: (request: Seen) => Fault | undefined): void;
  stop(): Promise<void>;
}

/** Stands in front of the API server, with its certificate. */
export async function startFaultProxy(cluster: Cluster): Promise<FaultProxy> {
  const file = (name: string) => readFileSync(join(cluster.folder, "certificates", name));
  const certificate = { cert: file("apiserver.crt"), key: file("apiserver.key") };
  let decide: (request: Seen) => Fault | undefined = () => undefined;
  const seen: Seen[] = [];
  const server = createServer(certificate, (request, response) => {
    const what = { method: request.method ?? "", path: request.url ?? "" };
    seen.push(what);
    const fault = decide(what);
    if (fault && fault.kind !== "cut-after") fail(fault, response);
    else pass(cluster.server, request, response, fault !== undefined);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `https://127.0.0.1:${portOf(server)}`,
    seen,
    plan(next) {
      seen.length = 0;
      decide = next;
    },
    async stop() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

function fail(fault: Fault, response: ServerResponse): void {
  if (fault.kind === "cut") response.destroy();
  if (fault.kind === "half") {
    response.writeHead(200, { "content-type": "application/json", "content-length": "1000" });
    response.write('{"kind":', () => response.destroy());
  }
  if (fault.kind === "page") response.end("<html>Please log in.</html>");
  if (fault.kind === "answer") {
    const { status: code, message = "", headers } = fault;
    const body = { kind: "Status", apiVersion: "v1", status: "Failure", message, code };
    response.writeHead(code, { "content-type": "application/json", ...headers });
    response.end(JSON.stringify(body));
  }
}

function pass(
  server: string,
  request: IncomingMessage,
  response: ServerResponse,
  cutAfter: boolean,
): void {
  const { method = "GET", headers, url = "/" } = request;
  const onward = forward(new URL(url, server), { method, headers, rejectUnauthorized: false });
  onward.on("response", (answer) => {
    if (cutAfter) {
      response.destroy();
      return;
    }
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  onward.on("error", () => response.destroy());
  response.on("close", () => onward.destroy());
  request.pipe(onward);
}
