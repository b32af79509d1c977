import * as z from "zod";
import type { KubeObject } from "#domain/kubernetes/object.ts";
import type { LogLine } from "#domain/logs/line.ts";
import { DAY, MINUTE, SECOND } from "#domain/window.ts";
import { OpsError } from "#errors.ts";
import type { PodLogQuery } from "#ports/workloads.ts";
import type { LogSource } from "#sandbox/signals/source.ts";

/** What pods' logs need of the world. */
export interface PodLogView {
  objects(kind: "pods"): readonly KubeObject[];
  logSources(): readonly LogSource[];
  now(): number;
}

interface PodName {
  readonly namespace: string;
  readonly name: string;
}

/** The node has rotated away what is older. */
const KEPT_MS = DAY;

/** The lines of a log group that bear the pod's name, as far as the container's run goes. */
export async function* simulatedPodLogs(
  view: PodLogView,
  pod: PodName,
  query: PodLogQuery,
  signal: AbortSignal,
): AsyncGenerator<LogLine> {
  signal.throwIfAborted();
  const run = runOf(existing(view, pod), query, view.now());
  const sources = run.first ? sourcesOf(view.logSources(), pod.name) : [];
  yield* withinBytes(newest(sources, pod.name, run, query), query.limitBytes);
}

const terminatedSchema = z.object({ startedAt: z.iso.datetime(), finishedAt: z.iso.datetime() });
const stateSchema = z
  .object({
    running: z.object({ startedAt: z.iso.datetime() }).optional(),
    waiting: z.object({ reason: z.string().default("") }).optional(),
    terminated: terminatedSchema.optional(),
  })
  .prefault({});
const containerSchema = z.object({ name: z.string(), state: stateSchema, lastState: stateSchema });
const podSchema = z.object({
  spec: z.object({ containers: z.array(z.object({ name: z.string() })) }),
  status: z.object({
    containerStatuses: z.array(containerSchema).default([]),
    initContainerStatuses: z.array(containerSchema).default([]),
  }),
});

interface Run {
  /** Whether it is the pod's first container: that one writes the lines of the story. */
  readonly first: boolean;
  readonly from: number;
  /** Exclusive. */
  readonly to: number;
}

function existing(view: PodLogView, { namespace, name }: PodName): KubeObject {
  const found = view
    .objects("pods")
    .find(({ metadata }) => metadata.name === name && metadata.namespace === namespace);
  if (found) return found;
  throw new OpsError("not_found", `No pods ${namespace}/${name}.`, "List the pods.");
}

/** The run that a kubelet would read, or its reason for reading none. */
function runOf(object: KubeObject, { container, previous }: PodLogQuery, now: number): Run {
  const { spec, status } = podSchema.parse(object);
  const statuses = [...status.initContainerStatuses, ...status.containerStatuses];
  const found = statuses.find(({ name }) => name === container);
  if (!found) throw unknownContainer(object, container);
  const { state, lastState } = found;
  const ended = previous ? lastState.terminated : (state.terminated ?? lastState.terminated);
  const first = spec.containers[0]?.name === container;
  if (state.running && !previous)
    return { first, from: Date.parse(state.running.startedAt), to: now + 1 };
  if (!ended) throw noRun(object, container, previous, state.waiting?.reason);
  // Times of the API are cut to the second.
  const to = Date.parse(ended.finishedAt) + SECOND;
  return { first, from: Date.parse(ended.startedAt), to: Math.min(to, now + 1) };
}

/** An app's log group ends in the app's name, and so begin the names of its pods. */
function sourcesOf(sources: readonly LogSource[], pod: string): readonly LogSource[] {
  return sources.filter(({ group }) => pod.startsWith(`${group.split("/").at(-1)}-`));
}

/** Oldest first, found from the end backwards. */
function newest(
  sources: readonly LogSource[],
  pod: string,
  { from, to }: Run,
  { since, tailLines }: PodLogQuery,
): readonly LogLine[] {
  const start = Math.max(from, since?.getTime() ?? 0, to - KEPT_MS);
  const lines: LogLine[] = [];
  let minute = Math.floor((to - 1) / MINUTE) * MINUTE;
  for (; minute > start - MINUTE && lines.length < tailLines; minute -= MINUTE) {
    const said = sources
      .flatMap((source) => source.minute(minute))
      .filter(({ stream, at }) => stream === pod && at.getTime() >= start && at.getTime() < to);
    lines.push(...said.map(({ at, message }) => ({ at, text: message })).toReversed());
  }
  return lines.slice(0, tailLines).toReversed();
}

/** As the kubelet counts: each line with its timestamp, a space and its end. */
function* withinBytes(lines: readonly LogLine[], limit: number): Generator<LogLine> {
  let left = limit;
  for (const line of lines) {
    const head = `${line.at?.toISOString() ?? ""} `.length;
    const size = head + Buffer.byteLength(line.text) + 1;
    if (size >= left) {
      const text = Buffer.from(line.text)
        .subarray(0, Math.max(0, left - head))
        .toString("utf8");
      yield { ...line, text, cut: true };
      return;
    }
    left -= size;
    yield line;
  }
}

function unknownContainer({ metadata }: KubeObject, container: string): OpsError {
  return new OpsError(
    "invalid_input",
    `Container ${container} is not valid for pod ${metadata.name}.`,
    "Name one of the pod's containers.",
  );
}

function noRun(
  { metadata }: KubeObject,
  container: string,
  previous: boolean,
  reason = "",
): OpsError {
  const why = previous ? "has had no earlier run" : `is waiting to start: ${reason}`;
  return new OpsError(
    "not_found",
    `Container ${container} of pod ${metadata.name} ${why}.`,
    previous ? "Read its present run." : "Look at why it does not start.",
  );
}
