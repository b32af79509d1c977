import { type IncomingMessage, request as plainRequest } from "node:http";
import { type RequestOptions, request as tlsRequest } from "node:https";
import { OpsError } from "#errors.ts";

export interface Answer {
  readonly status: number;
  /** Parsed JSON, or the text when it is none. */
  readonly body: unknown;
  /** From the header Retry-After. */
  readonly retryAfterSeconds: number | undefined;
}

/** No list that a tool asks for comes near this. */
const MAX_BYTES = 64 * 1024 * 1024;

/** One HTTP request, until it is answered or the signal aborts it. */
export function exchange(
  url: URL,
  options: RequestOptions,
  body: string | undefined,
  signal: AbortSignal,
): Promise<Answer> {
  const request = url.protocol === "http:" ? plainRequest : tlsRequest;
  return new Promise((resolve, reject) => {
    const sent = request(url, { ...options, signal }, (response) => {
      read(response).then(resolve, (error) => {
        sent.destroy();
        reject(error);
      });
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

async function read(response: IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of response) {
    const bytes = Buffer.from(chunk);
    size += bytes.length;
    if (size > MAX_BYTES) throw tooLarge();
    chunks.push(bytes);
  }
  const after = Number.parseInt(response.headers["retry-after"] ?? "", 10);
  return {
    status: response.statusCode ?? 0,
    body: parsed(Buffer.concat(chunks).toString("utf8")),
    retryAfterSeconds: Number.isNaN(after) ? undefined : after,
  };
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
