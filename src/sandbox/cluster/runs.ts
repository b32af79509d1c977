import type { App, End, StoryRevision } from "./app.ts";

/** The kubelet's crash back-off: 10 s, doubled up to five minutes, forgotten after ten minutes of running. */
const BACKOFF_MS = { first: 10_000, most: 300_000, forgottenAfter: 600_000 };

/** One run of a pod's container. Infinite times have not come and will not come by themselves. */
export interface Run {
  readonly index: number;
  readonly startedAt: number;
  readonly readyAt: number;
  readonly endedAt: number;
  readonly end?: End;
  /** Ends in a row that the kubelet counts for its back-off, this one included. */
  readonly failures: number;
}

interface Host {
  readonly app: App;
  readonly name: string;
  readonly source: StoryRevision;
  /** When nothing stands in the way of being ready any more. */
  readonly clearAt: number;
}

export function firstRun(host: Host, startedAt: number): Run {
  return run(host, 0, startedAt, 0);
}

export function nextRun(host: Host, before: Run): Run {
  return run(host, before.index + 1, before.endedAt + backoffMs(before), before.failures);
}

/** How long the kubelet waits after this run before it starts the next. */
export function backoffMs({ failures }: Run): number {
  return Math.min(BACKOFF_MS.first * 2 ** Math.max(0, failures - 1), BACKOFF_MS.most);
}

function run(host: Host, index: number, startedAt: number, failures: number): Run {
  const { app, name, source } = host;
  const end = app.ends?.({ pod: name, revision: source, index, startedAt });
  const endedAt = end ? startedAt + end.afterMs : Number.POSITIVE_INFINITY;
  const up = Math.max(startedAt + app.startupMs, host.clearAt);
  return {
    index,
    startedAt,
    readyAt: up < endedAt ? up : Number.POSITIVE_INFINITY,
    endedAt,
    ...(end ? { end } : {}),
    failures: (end?.afterMs ?? 0) >= BACKOFF_MS.forgottenAfter ? 1 : failures + 1,
  };
}
