import {
  type AuthInfo,
  createMcpHandler,
  isLegacyRequest,
  type McpServerFactory,
} from "@modelcontextprotocol/server";
import { type Context, Hono, type MiddlewareHandler } from "hono";
import { cors } from "hono/cors";
import { type Doors, isAllowedOrigin, isOurHost } from "./guard.ts";
import { createSessions } from "./sessions.ts";
import { callerOf, type TokenHash } from "./tokens.ts";

export interface HttpSettings extends Doors {
  /** Empty: anybody who reaches the address may call. */
  readonly tokens: readonly TokenHash[];
}

export interface HttpParts {
  readonly factory: McpServerFactory;
  /** What keeps the server from working, by name; empty when it is ready. */
  notReady(): Promise<readonly string[]>;
  onError(error: Error): void;
  readonly wallClock: { now(): Date };
}

export interface HttpApp {
  fetch(request: Request): Response | Promise<Response>;
  /** Ends idle sessions. To be called now and then. */
  sweep(): Promise<void>;
  close(): Promise<void>;
}

/** Arguments of tools are small; nothing that is longer can be one. */
const MAX_BODY_BYTES = 1024 * 1024;
const MAX_SESSIONS = 256;
const IDLE_MS = 30 * 60_000;

type Env = { Variables: { authInfo: AuthInfo | undefined } };

export function createHttpApp(settings: HttpSettings, parts: HttpParts): HttpApp {
  const { factory, onError: onerror } = parts;
  const limits = { most: MAX_SESSIONS, idleMs: IDLE_MS, bodyBytes: MAX_BODY_BYTES };
  const sessions = createSessions(factory, limits, () => parts.wallClock.now().getTime());
  const bound = { maxRequestBodySize: MAX_BODY_BYTES };
  const modern = createMcpHandler(factory, { legacy: "reject", onerror, ...bound });
  const app = new Hono<Env>();
  app.use(guarded(settings));
  app.get("/healthz", (c) => c.json({ status: "ok" }));
  app.get("/readyz", async (c) => readiness(c, await parts.notReady()));
  app.use("/mcp", crossOrigin(settings), authenticated(settings.tokens));
  app.all("/mcp", async (c) => {
    const authInfo = c.var.authInfo;
    const legacy = await isLegacyRequest(c.req.raw, undefined, bound);
    if (legacy) return sessions.fetch(c.req.raw, authInfo);
    return modern.fetch(c.req.raw, authInfo && { authInfo });
  });
  app.onError((error, c) => {
    onerror(error);
    return refusal(c, 500, "A fault in Firewatch. Its log has the details.");
  });
  return {
    fetch: (request) => app.fetch(request),
    sweep: () => sessions.sweep(),
    async close() {
      await Promise.all([modern.close(), sessions.close()]);
    },
  };
}

function guarded(doors: Doors): MiddlewareHandler {
  return async (c, next) => {
    if (!isOurHost(c.req.header("host"), doors)) {
      return refusal(c, 403, "This Host is not allowed. Add its name to --allowed-hosts.");
    }
    if (!isAllowedOrigin(c.req.header("origin"), doors)) {
      return refusal(c, 403, "This Origin is not allowed. Add it to --allowed-origins.");
    }
    return next();
  };
}

/** Lets pages of allowed origins read the answers. */
function crossOrigin(doors: Doors): MiddlewareHandler {
  return cors({
    origin: (origin) => (isAllowedOrigin(origin, doors) ? origin : null),
    allowMethods: ["GET", "POST", "DELETE"],
    exposeHeaders: ["Mcp-Session-Id", "WWW-Authenticate"],
  });
}

function authenticated(tokens: readonly TokenHash[]): MiddlewareHandler<Env> {
  return async (c, next) => {
    if (tokens.length === 0) return next();
    const name = callerOf(c.req.header("authorization"), tokens);
    if (name === undefined) {
      c.header("WWW-Authenticate", "Bearer");
      return refusal(c, 401, "A bearer token is needed: Authorization: Bearer TOKEN.");
    }
    c.set("authInfo", { token: "", clientId: name, scopes: [] });
    return next();
  };
}

function readiness(c: Context, failing: readonly string[]): Response {
  return failing.length === 0
    ? c.json({ status: "ready" })
    : c.json({ status: "not ready", failing }, 503);
}

function refusal(c: Context, status: 401 | 403 | 500, message: string): Response {
  return c.json({ jsonrpc: "2.0", error: { code: -32_000, message }, id: null }, status);
}
