import type { LogEvent } from "#domain/logs/event.ts";
import { MINUTE } from "#domain/window.ts";
import type { AppHistory } from "#sandbox/cluster/history.ts";
import { type Pod, runsBy } from "#sandbox/cluster/pods.ts";
import type { Run } from "#sandbox/cluster/runs.ts";
import { between, pick } from "#sandbox/noise.ts";
import { instants } from "./traffic.ts";

/** What an app says that it has done. */
type Doings = readonly [string, ...string[]];

/** The app's own log. It says nothing when it is killed. */
export function appLines(
  past: AppHistory,
  seed: number,
  doings: Doings,
): (minute: number) => readonly LogEvent[] {
  return (minute) => {
    const lines = past.course.pods.flatMap((pod) => [
      ...startLines(pod, minute),
      ...(past.ready(minute).includes(pod) ? workLines(pod, minute, seed, doings) : []),
    ]);
    return lines.toSorted((a, b) => a.at.getTime() - b.at.getTime());
  };
}

function startLines(pod: Pod, minute: number): readonly LogEvent[] {
  const begun = runsBy(pod, minute + MINUTE - 1).filter(
    (run) => run.startedAt >= minute && run.startedAt < pod.goneAt,
  );
  return begun.flatMap((run) => [
    line(
      pod,
      run.startedAt + 400,
      "INFO",
      `${pod.app.name} ${pod.source.values.image.tag} starting`,
    ),
    ...listening(pod, run),
  ]);
}

function listening(pod: Pod, { readyAt }: Run): readonly LogEvent[] {
  const at = readyAt - 300;
  return at < pod.goneAt ? [line(pod, at, "INFO", `listening on port ${pod.app.port}`)] : [];
}

function workLines(pod: Pod, minute: number, seed: number, doings: Doings): readonly LogEvent[] {
  const run = runsBy(pod, minute).at(-1);
  return instants(3, minute, seed, pod.name)
    .filter((at) => at < Math.min(run?.endedAt ?? 0, pod.goneAt))
    .map((at, i) => {
      const milliseconds = Math.round(between(80, 900, seed, pod.name, minute, i));
      const text = pick(doings, seed, pod.name, minute, i, "text");
      return line(pod, at, "INFO", `${text} in ${milliseconds} ms`);
    });
}

function line(pod: Pod, at: number, level: string, text: string): LogEvent {
  const when = new Date(at);
  return { at: when, stream: pod.name, message: `${when.toISOString()} ${level} ${text}` };
}
