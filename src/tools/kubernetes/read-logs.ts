import type { Pod } from "#domain/kubernetes/pod.ts";
import type { LogContainer } from "#domain/logs/containers.ts";
import type { Digest } from "#domain/logs/digest.ts";
import { entriesOf } from "#domain/logs/entry.ts";
import { searchExpression } from "#domain/logs/expression.ts";
import type { LogLine } from "#domain/logs/line.ts";
import type { LineTest } from "#domain/logs/pattern-text.ts";
import { type LogRecord, readRecord } from "#domain/logs/record.ts";
import { OpsError } from "#errors.ts";
import type { PodLogQuery, Workloads } from "#ports/workloads.ts";

/** Bytes of one container's log that are read at most. */
const MAX_BYTES = 1024 * 1024;
/** Containers that are read at a time: a kubelet and the API server carry other load. */
const AT_ONCE = 5;
/** How often a log that is larger than the limit is read again, from nearer to its end. */
const RETRIES = 3;

/** A container to read. `label` names it in the digest. */
export interface Source {
  readonly pod: Pod;
  readonly container: LogContainer;
  readonly label: string;
}

export interface Wanted {
  readonly previous: boolean;
  readonly since: Date | undefined;
  readonly tail: number;
  readonly keeps: (text: string, record: LogRecord) => boolean;
}

/** What became of one container. */
export interface Reading {
  readonly source: Source;
  readonly previous: boolean;
  readonly lines: number;
  /** Entries, a stack trace being one, that were asked for. */
  readonly matched: number;
  /** The bound that ended the reading: there are older lines, or the newest were too large. */
  readonly bound?: "tail" | "bytes" | "newest";
  readonly failure?: OpsError;
}

/** Whether an entry is asked for, as it was written or as it is shown. */
export function keeping(asked: {
  readonly grep?: string | undefined;
  readonly exclude?: string | undefined;
}) {
  const grep = expressionOf("grep", asked.grep);
  const exclude = expressionOf("exclude", asked.exclude);
  return (text: string, record: LogRecord): boolean => {
    const some = (test: LineTest) => test(text) || test(record.text);
    return (!grep || some(grep)) && !(exclude && some(exclude));
  };
}

function expressionOf(argument: string, source: string | undefined): LineTest | undefined {
  return source === undefined ? undefined : searchExpression(argument, source);
}

/** Reads all sources, a few at a time. The failure of one does not spoil the others; that of all is one. */
export async function readAll(
  sources: readonly Source[],
  wanted: Wanted,
  found: Digest,
  workloads: Workloads,
  signal: AbortSignal,
): Promise<readonly Reading[]> {
  const readings: Reading[] = [];
  const waiting = sources.entries();
  const worker = async () => {
    for (const [index, source] of waiting) {
      readings[index] = await readOne(source, wanted, found, workloads, signal);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  const [first] = readings;
  const none = readings.every(({ failure, lines }) => failure && lines === 0);
  if (none && first?.failure) throw first.failure;
  return readings;
}

async function readOne(
  source: Source,
  wanted: Wanted,
  found: Digest,
  workloads: Workloads,
  signal: AbortSignal,
): Promise<Reading> {
  const { container, label } = source;
  const { previous } = wanted;
  const none = previous ? !container.earlier : container.waiting !== undefined;
  if (none) return { source, previous, lines: 0, matched: 0 };
  const { lines, ...how } = await newestLines(source, wanted, workloads, signal);
  let matched = 0;
  for (const entry of entriesOf(lines)) {
    const record = readRecord(entry.text);
    if (!wanted.keeps(entry.text, record)) continue;
    matched += 1;
    found.add(label, entry, record);
  }
  return { source, previous, lines: lines.length, matched, ...how };
}

interface Got extends Pick<Reading, "bound" | "failure"> {
  readonly lines: readonly LogLine[];
}

/**
 * The newest lines. The API ends an answer that is too large at its newest lines, so such a log is read again from
 * nearer to its end.
 */
async function newestLines(
  source: Source,
  { previous, since, tail }: Wanted,
  workloads: Workloads,
  signal: AbortSignal,
): Promise<Got> {
  const query = { container: source.container.name, previous, ...(since ? { since } : {}) };
  for (let tailLines = tail, tried = 1; ; tried += 1) {
    const limits = { tailLines, limitBytes: MAX_BYTES };
    const got = await collected(source.pod, { ...query, ...limits }, workloads, signal);
    const cut = got.lines.at(-1)?.cut === true;
    if (got.failure) return got;
    if (!cut) return { ...got, ...boundOf(got.lines.length, tailLines, tail) };
    if (tried > RETRIES || tailLines === 1) return { ...got, bound: "newest" };
    tailLines = Math.max(1, Math.floor(got.lines.length / 2));
  }
}

function boundOf(lines: number, tailLines: number, tail: number): Pick<Reading, "bound"> {
  if (lines < tailLines) return {};
  return { bound: tailLines < tail ? "bytes" : "tail" };
}

/** What arrived, also when the answer broke off. */
async function collected(
  { metadata: { namespace = "", name } }: Pod,
  query: PodLogQuery,
  workloads: Workloads,
  signal: AbortSignal,
): Promise<Got> {
  const lines: LogLine[] = [];
  try {
    for await (const line of workloads.logs({ namespace, name }, query, signal)) lines.push(line);
    return { lines };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof OpsError)) throw error;
    return { lines, failure: error };
  }
}
