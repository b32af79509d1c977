import type { IncomingMessage } from "node:http";
import type { RequestOptions } from "node:https";
import { setTimeout as delay } from "node:timers/promises";
import type { KubeConfig } from "@kubernetes/client-node";
import type * as z from "zod";
import { orAborted } from "#domain/abort.ts";
import { pieces, read, retryAfterSeconds, send } from "./exchange.ts";
import { type Asked, answerError, loginError, strangeAnswer, transportError } from "./failures.ts";

export interface Request extends Omit<Asked, "cluster"> {
  readonly path: string;
  readonly body?: unknown;
  /** The form of the body, where it is not the verb's own. */
  readonly type?: string;
  /** The form of the answer; JSON unless said otherwise. */
  readonly accept?: string;
  /** Statuses of failures that are answers to this request: neither errors nor asked again. */
  readonly answers?: readonly number[];
}

/** The API server of one cluster. */
export interface Connection {
  readonly cluster: string;
  /** Everything but a success that fits the schema is an `OpsError`. */
  send<T>(request: Request, schema: z.ZodType<T>, signal: AbortSignal): Promise<T>;
  /** The text of a success as it arrives; everything else is an `OpsError`, also when the text breaks off. */
  stream(request: Request, signal: AbortSignal): AsyncIterable<string>;
}

/** HTTP methods and body types by verb. A merge patch sets what it names and leaves the rest. */
const methods: Readonly<Record<string, { readonly method: string; readonly type?: string }>> = {
  get: { method: "GET" },
  list: { method: "GET" },
  create: { method: "POST", type: "application/json" },
  patch: { method: "PATCH", type: "application/merge-patch+json" },
};

/** A server that throttles is asked this often, and each time left alone for at most so many seconds. */
const MAX_ATTEMPTS = 4;
const MAX_WAIT_SECONDS = 5;

/** Connects on first use; `load` reads the kubeconfig then, and that reading is kept. */
export function connect(cluster: string, load: () => Promise<KubeConfig>): Connection {
  let config: Promise<KubeConfig> | undefined;
  const current = () => (config ??= load());
  /** The beginning of a success. */
  const opened = async (asked: AskedRequest, signal: AbortSignal) => {
    signal.throwIfAborted();
    let response = await attempt(await current(), asked, signal);
    if (response.statusCode === 401) {
      response.resume();
      config = renewed(await current());
      response = await attempt(await current(), asked, signal);
    }
    if (isSuccess(response) || isAnswer(response, asked)) return response;
    throw answerError(await read(response), asked);
  };
  return {
    cluster,
    async send(request, schema, signal) {
      const asked = { ...request, cluster };
      try {
        const { body } = await read(await opened(asked, signal));
        const parsed = schema.safeParse(body);
        if (parsed.success) return parsed.data;
        throw strangeAnswer(asked, parsed.error);
      } catch (error) {
        throw transportError(error, asked, signal);
      }
    },
    async *stream(request, signal) {
      const asked = { ...request, cluster };
      try {
        yield* pieces(await opened(asked, signal));
      } catch (error) {
        throw transportError(error, asked, signal);
      }
    },
  };
}

function isSuccess({ statusCode = 0 }: IncomingMessage): boolean {
  return statusCode >= 200 && statusCode <= 299;
}

function isAnswer({ statusCode = 0 }: IncomingMessage, { answers = [] }: Request): boolean {
  return answers.includes(statusCode);
}

type AskedRequest = Request & Asked;

/** One request; again, after a while, when the server says that it has too much to do. It has done nothing then. */
async function attempt(
  config: KubeConfig,
  request: AskedRequest,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  for (let tried = 1; ; tried += 1) {
    const response = await once(config, request, signal);
    if (response.statusCode !== 429 || tried === MAX_ATTEMPTS || isAnswer(response, request)) {
      return response;
    }
    response.resume();
    const seconds = Math.min(retryAfterSeconds(response) ?? 1, MAX_WAIT_SECONDS);
    await delay(seconds * 1000, undefined, { signal });
  }
}

async function once(
  config: KubeConfig,
  request: AskedRequest,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const options = await orAborted(login(config, request), signal);
  const { method = "GET", type = "" } = methods[request.verb] ?? {};
  const headers = {
    ...options.headers,
    accept: request.accept ?? "application/json",
    "user-agent": "firewatch",
    ...(type === "" ? {} : { "content-type": request.type ?? type }),
  };
  const body = request.body === undefined ? undefined : JSON.stringify(request.body);
  return send(urlOf(config, request), { ...options, method, headers }, body, signal);
}

function urlOf(config: KubeConfig, { path, query = {} }: Request): URL {
  const server = config.getCurrentCluster()?.server ?? "";
  const url = new URL(server.replace(/\/+$/, "") + path);
  url.search = new URLSearchParams(query).toString();
  return url;
}

/** TLS settings, proxy and credentials; may run the kubeconfig's plug-in. */
async function login(config: KubeConfig, asked: Asked): Promise<RequestOptions> {
  const options: RequestOptions = {};
  try {
    await config.applyToHTTPSOptions(options);
    return options;
  } catch (error) {
    throw loginError(error, asked);
  }
}

/** The same clusters and users without what was remembered of tokens and certificates. */
async function renewed(config: KubeConfig): Promise<KubeConfig> {
  const { KubeConfig } = await import("@kubernetes/client-node");
  const fresh = new KubeConfig();
  fresh.loadFromOptions(config);
  return fresh;
}
