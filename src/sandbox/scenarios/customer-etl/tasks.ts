import type { LogEvent } from "#domain/logs/event.ts";
import { MINUTE } from "#domain/window.ts";
import type { AppHistory } from "#sandbox/cluster/history.ts";
import type { Pod } from "#sandbox/cluster/pods.ts";
import { between, hex, noise, pick } from "#sandbox/noise.ts";
import { arrivals, instants, shareOf } from "#sandbox/scenarios/traffic.ts";
import type { Failing, Sessions } from "./sessions.ts";

const TASKS_PER_MINUTE = 120;
const TASKS = ["load_accounts", "load_addresses", "load_contacts", "merge_customers"] as const;

export interface TaskMinute {
  readonly started: number;
  readonly failed: number;
  readonly failing: Failing;
  readonly pods: readonly Pod[];
}

/** What one pipeline's tasks did, minute by minute, by what was true when the minute began. */
export function taskMinutes(
  past: AppHistory,
  sessions: Sessions,
  seed: number,
): (minute: number) => TaskMinute | undefined {
  const key = past.course.app.name;
  return (minute) => {
    const failing = sessions.failing(minute);
    if (!failing) return undefined;
    const started = arrivals(TASKS_PER_MINUTE, seed, key, minute);
    const p = failing.always + failing.crowded + failing.empty;
    const failed = shareOf(started, p, seed, key, minute);
    return { started, failed, failing, pods: past.ready(minute) };
  };
}

/** The minute's lines: one error for each failed task, and what the pipeline says besides. */
export function taskLines(
  past: AppHistory,
  sessions: Sessions,
  tasks: (minute: number) => TaskMinute | undefined,
  seed: number,
): (minute: number) => readonly LogEvent[] {
  return (minute) => {
    const done = tasks(minute);
    const lines = [
      ...startLines(past, minute),
      ...(done
        ? [...errorLines(done, sessions, minute, seed), ...infoLines(done, minute, seed)]
        : []),
      ...(done ? waitLines(done, sessions, minute, seed) : []),
    ];
    return lines.toSorted((a, b) => a.at.getTime() - b.at.getTime());
  };
}

/** Milliseconds that tasks took: failed ones waited for their timeout. */
export function taskDurations(
  { started, failed, failing }: TaskMinute,
  minute: number,
  seed: number,
) {
  const usual = (i: number) => 400 + 900 * noise(seed, "duration", minute, i) ** 3;
  const waited = failing.empty > 0.05 ? 30_000 : 2_500;
  const values = Array.from({ length: 20 }, (_, i) =>
    i < (20 * failed) / started ? waited + 200 * noise(seed, "waited", minute, i) : usual(i),
  );
  return { values, count: started };
}

function errorLines(
  done: TaskMinute,
  sessions: Sessions,
  minute: number,
  seed: number,
): readonly LogEvent[] {
  const use = sessions.use(minute);
  return instants(done.failed, minute, seed, "error").map((at, i) => {
    const key = ["error", minute, i] as const;
    const run = `task=${pick(TASKS, seed, ...key, "task")} run=${hex(8, seed, ...key)}`;
    const cause = causeOf(done.failing, noise(seed, ...key, "cause"));
    const text = errorText(
      cause,
      Math.round(use?.inUse ?? 0),
      use?.budget ?? 0,
      noise(seed, ...key),
    );
    return line(podFor(done.pods, noise(seed, ...key, "pod")), at, "ERROR", `${run} ${text}`);
  });
}

function causeOf(failing: Failing, x: number): keyof Failing {
  const sum = failing.always + failing.crowded + failing.empty;
  if (x * sum < failing.empty) return "empty";
  return x * sum < failing.empty + failing.crowded ? "crowded" : "always";
}

function errorText(cause: keyof Failing, inUse: number, budget: number, x: number): string {
  switch (cause) {
    case "empty":
      return (
        "Connection timeout to legacy database after 30000 ms " +
        `(pool: ${inUse}/${budget} in use, ${20 + Math.floor(40 * x)} waiting)`
      );
    case "crowded":
      return `Statement timeout on legacy database after 60000 ms (${inUse} sessions open)`;
    case "always":
      return x < 0.7
        ? `Source row rejected: postal_code is null (${1 + Math.floor(500 * x)} rows)`
        : "Deadlock detected, given up after 3 attempts";
  }
}

function infoLines(done: TaskMinute, minute: number, seed: number): readonly LogEvent[] {
  return instants(4, minute, seed, "info").map((at, i) => {
    const rows = Math.floor(between(200, 900, seed, "rows", minute, i));
    const text = `task=${pick(TASKS, seed, "info", minute, i)} committed batch of ${rows} rows`;
    return line(podFor(done.pods, noise(seed, "info", minute, i, "pod")), at, "INFO", text);
  });
}

/** Each pod tells once a minute when more than half of the sessions are taken. */
function waitLines(
  done: TaskMinute,
  sessions: Sessions,
  minute: number,
  seed: number,
): readonly LogEvent[] {
  const use = sessions.use(minute);
  if (!use || use.inUse < use.budget / 2) return [];
  return done.pods.map((pod, i) => {
    const at = minute + Math.floor(between(0, MINUTE, seed, "wait", minute, i));
    return line(pod, at, "WARN", `pool: ${Math.round(use.inUse)}/${use.budget} sessions in use`);
  });
}

function startLines(past: AppHistory, minute: number): readonly LogEvent[] {
  return past.course.pods
    .map((pod) => ({ pod, at: pod.createdAt + 2_500 }))
    .filter(({ pod, at }) => at >= minute && at < minute + MINUTE && at < pod.goneAt)
    .map(({ pod, at }) =>
      line(
        pod,
        at,
        "INFO",
        `${pod.app.name} ${pod.source.values.image.tag} started, configuration read`,
      ),
    );
}

function podFor(pods: readonly Pod[], x: number): Pod | undefined {
  return pods[Math.floor(x * pods.length)];
}

function line(pod: Pod | undefined, at: number, level: string, text: string): LogEvent {
  const when = new Date(at);
  return { at: when, stream: pod?.name ?? "", message: `${when.toISOString()} ${level} ${text}` };
}
