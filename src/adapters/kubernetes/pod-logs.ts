import { type LogLine, stampedLine } from "#domain/logs/line.ts";
import { OpsError } from "#errors.ts";
import type { PodLogQuery } from "#ports/workloads.ts";
import type { Connection, Request } from "./connection.ts";
import { objectPath } from "./kinds.ts";

interface PodName {
  readonly namespace: string;
  readonly name: string;
}

/** RBAC knows a pod's log as a resource of its own. */
export const podLogsPermission = { group: "", resource: "pods/log", verbs: ["get"] } as const;

/** A kubelet that cannot be reached answers nothing for half a minute; others are to be read meanwhile. */
const TIMEOUT_MS = 8_000;

/** A container's lines as the kubelet sends them through the API server. */
export async function* podLogs(
  api: Connection,
  pod: PodName,
  query: PodLogQuery,
  signal: AbortSignal,
): AsyncGenerator<LogLine> {
  const soon = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
  try {
    yield* stampedLines(api.stream(request(pod, query), soon), query.limitBytes);
  } catch (error) {
    throw explained(error, pod, query);
  }
}

/** One line is held back, for only the end tells whether it is the last. */
async function* stampedLines(
  pieces: AsyncIterable<string>,
  limitBytes: number,
): AsyncGenerator<LogLine> {
  let last: LogLine | undefined;
  let bytes = 0;
  for await (const line of split(pieces, limitBytes)) {
    if (last) yield last;
    last = stampedLine(line);
    bytes += Buffer.byteLength(line) + 1;
    // A server that minds no limit is not read to its end.
    if (bytes >= limitBytes) break;
  }
  if (last) yield bytes >= limitBytes ? cut(last) : last;
}

/** Of a line that was cut within its time nothing is known. */
function cut({ at, text }: LogLine): LogLine {
  return at ? { at, text, cut: true } : { text: "", cut: true };
}

async function* split(pieces: AsyncIterable<string>, longest: number): AsyncGenerator<string> {
  let rest = "";
  for await (const piece of pieces) {
    const lines = (rest + piece).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
    if (rest.length >= longest) break;
  }
  if (rest !== "") yield rest;
}

function request({ namespace, name }: PodName, query: PodLogQuery): Request {
  const { container, previous, since, tailLines, limitBytes } = query;
  return {
    verb: "get",
    group: "",
    resource: "pods/log",
    namespace,
    name,
    path: `${objectPath({ kind: "pods", namespace, name })}/log`,
    query: {
      container,
      timestamps: "true",
      tailLines: String(tailLines),
      limitBytes: String(limitBytes),
      ...(previous ? { previous: "true" } : {}),
      // To the second: the API takes no fractions.
      ...(since ? { sinceTime: since.toISOString().replace(/\.\d+Z$/, "Z") } : {}),
    },
    accept: "application/json, */*",
  };
}

/** The kubelet's reasons, which come as bad requests all alike. */
function explained(error: unknown, { name }: PodName, { container }: PodLogQuery): unknown {
  if (!(error instanceof OpsError) || error.code !== "invalid_input") return error;
  if (/previous terminated container/.test(error.message)) {
    return new OpsError(
      "not_found",
      `Container ${container} of pod ${name} has no earlier run whose log is kept.`,
      "Read its present run: leave previous out.",
      { cause: error },
    );
  }
  if (/is waiting to start|is not available|is terminated/.test(error.message)) {
    return new OpsError(
      "not_found",
      `Container ${container} of pod ${name} has no log: ${error.message}`,
      "Look at why it does not start: kubectl_get with the pod's name.",
      { cause: error },
    );
  }
  return error;
}
