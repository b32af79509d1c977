import type { LogLine } from "#domain/logs/line.ts";
import { OpsError } from "#errors.ts";
import type { World } from "#ports/index.ts";
import type { PodLogQuery } from "#ports/workloads.ts";
import { withCluster } from "./cluster.ts";
import { NOW } from "./objects.ts";

/** What a container has written, a line a second up to `NOW`; or what its kubelet answers instead. */
export type Planted = readonly string[] | OpsError | { readonly broken: readonly string[] };

/** The world with logs of containers, by `pod/container`, as a kubelet would serve them. */
export function withLogs(logs: Readonly<Record<string, Planted>>): (world: World) => World {
  return withCluster(({ workloads }) => ({
    workloads: {
      ...workloads,
      logs(pod, query, signal) {
        const planted = logs[`${pod.name}/${query.container}`];
        return planted === undefined ? workloads.logs(pod, query, signal) : served(planted, query);
      },
    },
  }));
}

const lost = new OpsError("unreachable", "The connection ended.", "Try again.");

async function* served(planted: Planted, query: PodLogQuery): AsyncGenerator<LogLine> {
  if (planted instanceof OpsError) throw planted;
  if ("broken" in planted) {
    yield* bounded(planted.broken, query);
    throw lost;
  }
  yield* bounded(planted, query);
}

function* bounded(texts: readonly string[], query: PodLogQuery): Generator<LogLine> {
  const { tailLines, limitBytes, since } = query;
  const lines = texts.map((text, index) => ({ at: secondsAgo(texts.length - index), text }));
  const young = lines.filter(({ at }) => since === undefined || at >= since).slice(-tailLines);
  let left = limitBytes;
  for (const line of young) {
    left -= 32 + Buffer.byteLength(line.text);
    yield left > 0 ? line : { ...line, cut: true };
    if (left <= 0) return;
  }
}

function secondsAgo(seconds: number): Date {
  return new Date(NOW.getTime() - seconds * 1_000);
}
