import { type IncomingMessage, request as plainRequest } from "node:http";
import { type RequestOptions, request as tlsRequest } from "node:https";
import { OpsError } from "#errors.ts";

export interface Answer {
  readonly status: number;
  /** Parsed JSON, or the text when it is none. */
  readonly body: unknown;
}

/** No list that a tool asks for comes near this. */
const MAX_BYTES = 64 * 1024 * 1024;

/** One HTTP request, until its answer begins or the signal aborts it; the signal ends the answer too. */
export function send(
  url: URL,
  options: RequestOptions,
  body: string | undefined,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const request = url.protocol === "http:" ? plainRequest : tlsRequest;
  return new Promise((resolve, reject) => {
    const sent = request(url, { ...options, signal }, resolve);
    sent.on("error", reject);
    sent.end(body);
  });
}

/** The whole answer. */
export async function read(response: IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > MAX_BYTES) throw tooLarge();
    chunks.push(bytes);
  }
  return {
    status: response.statusCode ?? 0,
    body: parsed(Buffer.concat(chunks).toString("utf8")),
  };
}

/** The answer's text in pieces as they arrive; characters are never torn apart. */
export async function* pieces(response: IncomingMessage): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  for await (const chunk of response) yield decoder.decode(chunk, { stream: true });
  yield decoder.decode();
}

/** From the header Retry-After. */
export function retryAfterSeconds({ headers }: IncomingMessage): number | undefined {
  const after = Number.parseInt(headers["retry-after"] ?? "", 10);
  return Number.isNaN(after) ? undefined : after;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function tooLarge(): OpsError {
  return new OpsError(
    "too_large",
    `The API server's answer is longer than ${MAX_BYTES / 1024 / 1024} MiB.`,
    "Ask for one namespace, or with a label selector.",
  );
}
