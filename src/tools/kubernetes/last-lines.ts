import type { Scope } from "#domain/diagnosis/scope.ts";
import type { Snapshot } from "#domain/diagnosis/snapshot.ts";
import type { ContainerStatus, Pod } from "#domain/kubernetes/pod.ts";
import { podState } from "#domain/kubernetes/pods.ts";
import { MINUTE } from "#domain/window.ts";
import { OpsError } from "#errors.ts";
import type { Workloads } from "#ports/workloads.ts";

/** Logs of so many containers, each so long: enough to see why something ended. */
const MOST = 6;
const LINES = 60;
const BYTES = 32 * 1024;

/** A run that ended longer ago says nothing of the present one. */
const RECENT = 30 * MINUTE;

/** Rank of containers of pods that are well. */
const WELL = 2;

interface Wanted {
  readonly pod: Pod;
  readonly container: string;
  readonly previous: boolean;
  /** Lower ones are read first. */
  readonly rank: number;
}

export interface LastLines {
  readonly lines: Snapshot["lines"];
  /** Containers in trouble whose log could not be read, as `app of web-1`. */
  readonly unread: readonly string[];
}

/** The newest lines of the scope's containers, of those in trouble first. */
export async function lastLines(
  { pods }: Scope,
  workloads: Workloads,
  now: Date,
  signal: AbortSignal,
): Promise<LastLines> {
  const wanted = pods.flatMap((pod) => wantedOf(pod, now)).toSorted((a, b) => a.rank - b.rank);
  const read = await Promise.all(
    wanted.slice(0, MOST).map(async (each) => {
      return { each, lines: await linesOf(each, workloads, signal) };
    }),
  );
  const known = new Map(
    read.map(({ each, lines }) => [keyOf(each.pod.metadata, each.container), lines] as const),
  );
  const failed = read.filter(({ each, lines }) => lines === undefined && each.rank < WELL);
  return {
    lines: (pod, container) => known.get(keyOf(pod, container)) ?? [],
    unread: failed.map(({ each }) => `${each.container} of ${each.pod.metadata.name}`),
  };
}

function keyOf(
  { namespace = "", name }: { namespace?: string | undefined; name: string },
  container: string,
) {
  return `${namespace}/${name}/${container}`;
}

function wantedOf(pod: Pod, now: Date): readonly Wanted[] {
  const { health } = podState(pod, now);
  const { initContainerStatuses, containerStatuses } = pod.status;
  return [...initContainerStatuses, ...containerStatuses].flatMap((status) => {
    const previous = endedLately(status, now);
    const trouble = previous || (status.state.terminated?.exitCode ?? 0) !== 0;
    const open = status.state.running !== undefined || trouble;
    if (!open || pod.status.phase === "Succeeded") return [];
    const rank = trouble ? 0 : health === "well" ? WELL : 1;
    return [{ pod, container: status.name, previous, rank }];
  });
}

/** Whether the run that tells why it ended is the one before. */
function endedLately({ state, lastState }: ContainerStatus, now: Date): boolean {
  const { terminated } = lastState;
  if (terminated === undefined || state.terminated) return false;
  return (
    state.waiting !== undefined || now.getTime() - Date.parse(terminated.finishedAt ?? "") < RECENT
  );
}

/** Nothing when the log cannot be read: the rest of the diagnosis does not suffer from it. */
async function linesOf(
  { pod, container, previous }: Wanted,
  workloads: Workloads,
  signal: AbortSignal,
): Promise<readonly string[] | undefined> {
  const { namespace = "", name } = pod.metadata;
  const query = { container, previous, tailLines: LINES, limitBytes: BYTES };
  const lines: string[] = [];
  try {
    for await (const { text } of workloads.logs({ namespace, name }, query, signal))
      lines.push(text);
  } catch (error) {
    if (!(error instanceof OpsError) || error.code === "cancelled") throw error;
    return undefined;
  }
  return lines;
}
