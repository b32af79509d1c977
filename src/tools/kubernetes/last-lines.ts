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

interface Wanted {
  readonly pod: Pod;
  readonly container: string;
  readonly previous: boolean;
  /** Lower ones are read first. */
  readonly rank: number;
}

/** The newest lines of the scope's containers, of those in trouble first. */
export async function lastLines(
  { pods }: Scope,
  workloads: Workloads,
  now: Date,
  signal: AbortSignal,
): Promise<Snapshot["lines"]> {
  const wanted = pods.flatMap((pod) => wantedOf(pod, now)).toSorted((a, b) => a.rank - b.rank);
  const read = await Promise.all(
    wanted.slice(0, MOST).map(async (each) => {
      return [
        keyOf(each.pod.metadata, each.container),
        await linesOf(each, workloads, signal),
      ] as const;
    }),
  );
  const known = new Map(read);
  return (pod, container) => known.get(keyOf(pod, container)) ?? [];
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
    const rank = trouble ? 0 : health === "well" ? 2 : 1;
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

/** Nothing when the log cannot be read: it is a help, not a need. */
async function linesOf(
  { pod, container, previous }: Wanted,
  workloads: Workloads,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const { namespace = "", name } = pod.metadata;
  const query = { container, previous, tailLines: LINES, limitBytes: BYTES };
  const lines: string[] = [];
  try {
    for await (const { text } of workloads.logs({ namespace, name }, query, signal))
      lines.push(text);
  } catch (error) {
    if (!(error instanceof OpsError) || error.code === "cancelled") throw error;
  }
  return lines;
}
