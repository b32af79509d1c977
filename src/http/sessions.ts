import { randomUUID } from "node:crypto";
import {
  type AuthInfo,
  type McpServerFactory,
  WebStandardStreamableHTTPServerTransport,
} from "@modelcontextprotocol/server";

/** Sessions of the older protocol generation, whose server asks its questions over the session. */
export interface Sessions {
  fetch(request: Request, authInfo: AuthInfo | undefined): Promise<Response>;
  /** Ends sessions that were left alone for too long. */
  sweep(): Promise<void>;
  close(): Promise<void>;
}

export interface SessionLimits {
  /** The session that was left alone the longest makes room for a new one. */
  readonly most: number;
  /** A session with an open stream is not idle. */
  readonly idleMs: number;
  readonly bodyBytes: number;
}

interface Session {
  readonly transport: WebStandardStreamableHTTPServerTransport;
  readonly principal: string | undefined;
  /** Answers that have not been sent to their end. */
  open: number;
  lastUsed: number;
}

const SESSION_HEADER = "mcp-session-id";

export function createSessions(
  factory: McpServerFactory,
  limits: SessionLimits,
  now: () => number,
): Sessions {
  const sessions = new Map<string, Session>();
  const end = (ending: readonly Session[]) =>
    Promise.all(ending.map(({ transport }) => transport.close()));

  async function begin(request: Request, authInfo: AuthInfo | undefined): Promise<Session> {
    const transport = new WebStandardStreamableHTTPServerTransport({
      sessionIdGenerator: randomUUID,
      maxRequestBodySize: limits.bodyBytes,
      onsessioninitialized: async (id) => {
        sessions.set(id, session);
        await end(longestIdle(sessions, sessions.size - limits.most));
      },
    });
    const session: Session = { transport, principal: authInfo?.clientId, open: 0, lastUsed: now() };
    const context = { era: "legacy", requestInfo: request } as const;
    const server = await factory(authInfo ? { ...context, authInfo } : context);
    await server.connect(transport);
    transport.onclose = both(transport.onclose, () => sessions.delete(transport.sessionId ?? ""));
    return session;
  }

  return {
    async fetch(request, authInfo) {
      const id = request.headers.get(SESSION_HEADER);
      const session = id === null ? await begin(request, authInfo) : sessions.get(id);
      if (session === undefined || session.principal !== authInfo?.clientId)
        return unknownSession();
      const response = await tracked(session, now, () =>
        session.transport.handleRequest(request, authInfo && { authInfo }),
      );
      if (session.transport.sessionId === undefined) await end([session]);
      return response;
    },
    async sweep() {
      const since = now() - limits.idleMs;
      await end([...sessions.values()].filter((each) => each.open === 0 && each.lastUsed < since));
    },
    async close() {
      await end([...sessions.values()]);
    },
  };
}

function longestIdle(sessions: ReadonlyMap<string, Session>, most: number): readonly Session[] {
  const byUse = [...sessions.values()].sort((a, b) => a.lastUsed - b.lastUsed);
  return byUse.slice(0, Math.max(0, most));
}

function both(first: (() => void) | undefined, second: () => void): () => void {
  return () => {
    first?.();
    second();
  };
}

/** Counts a session as used until the whole answer has been sent or dropped. */
async function tracked(
  session: Session,
  now: () => number,
  answer: () => Promise<Response>,
): Promise<Response> {
  const used = (change: number) => {
    session.open += change;
    session.lastUsed = now();
  };
  const ended = () => used(-1);
  used(1);
  const response = await answer();
  if (response.body !== null) {
    return new Response(
      response.body.pipeThrough(new TransformStream({ flush: ended, cancel: ended })),
      response,
    );
  }
  ended();
  return response;
}

/** The status that tells a client to begin a new session. */
function unknownSession(): Response {
  const error = { code: -32_001, message: "Session not found. Begin a new one." };
  return Response.json({ jsonrpc: "2.0", error, id: null }, { status: 404 });
}
