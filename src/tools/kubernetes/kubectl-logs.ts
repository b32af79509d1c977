import * as z from "zod";
import type { Pod } from "#domain/kubernetes/pod.ts";
import { containersOf, type LogContainer, thatMatter } from "#domain/logs/containers.ts";
import { digest } from "#domain/logs/digest.ts";
import { labelsOf } from "#domain/logs/labels.ts";
import { closest } from "#domain/text/closest.ts";
import { isoSeconds, resolveTime } from "#domain/text/time.ts";
import { OpsError } from "#errors.ts";
import { defineQuery } from "#tools/define.ts";
import {
  intField,
  kubeNameField,
  limitField,
  namespaceField,
  textField,
  timeField,
} from "#tools/fields.ts";
import { logAnswer, logAnswerShape } from "./log-answer.ts";
import { logNext } from "./log-next.ts";
import { type FoundPods, podsOf } from "./log-pods.ts";
import { logText } from "./log-text.ts";
import { keeping, readAll, type Source } from "./read-logs.ts";

const DEFAULT_LINES = 30;
const DEFAULT_TAIL = 500;
/** Most containers that one call reads. */
const MOST_SOURCES = 40;

const input = z.strictObject({
  name: kubeNameField.describe("Pod or workload."),
  resource_type: textField(64).optional().describe("Such as deployment."),
  namespace: namespaceField,
  container: kubeNameField.optional().describe("Default: those that matter."),
  previous: z.boolean().default(false).describe("The run before."),
  since: timeField.optional().describe("ISO 8601, or now-15m."),
  grep: textField(512).optional().describe("RE2."),
  exclude: textField(512).optional().describe("RE2."),
  tail: intField(1, 5_000).default(DEFAULT_TAIL).describe("Lines per container."),
  limit: limitField(DEFAULT_LINES, 300),
});
type Input = z.output<typeof input>;

const output = z.object({
  target: z.string(),
  namespace: z.string(),
  previous: z.boolean(),
  since: z.string(),
  grep: z.string(),
  exclude: z.string(),
  ...logAnswerShape,
  pods_left_out: z.int(),
  next: z.string(),
});
export type Logs = z.output<typeof output>;

export const kubectlLogs = defineQuery({
  name: "kubectl_logs",
  title: "Read container logs",
  description:
    "Newest log lines of a pod, or of a workload's pods, the crashed first: levels, whole stack traces, patterns with counts when long.",
  needs: ["workloads", "clock"],
  place: "cluster",
  input,
  output,
  untrusted: ["lines[].text", "patterns[].template", "patterns[].example", "sources[].message"],
  async run(asked, { workloads, clock }, { signal }) {
    const { namespace, previous, tail, limit, grep = "", exclude = "" } = asked;
    const start = sinceOf(asked, clock.now());
    const wanted = { previous, since: start, tail, keeps: keeping(asked) };
    const pods = await podsOf(asked, workloads, clock.now(), signal);
    const chosen = sourcesOf(pods, asked);
    const found = digest(limit);
    const readings = await readAll(chosen.sources, wanted, found, workloads, signal);
    const since = start ? isoSeconds(start) : "";
    const answer = logAnswer(readings, found, { limit, usual: DEFAULT_LINES, since });
    const asText = { target: pods.target, namespace, previous, since, grep, exclude };
    const next = logNext({ asked, pods, answer, readings, ...chosen });
    return { ...asText, ...answer, pods_left_out: pods.leftOut, next };
  },
  render: logText,
});

function sinceOf({ since }: Input, now: Date): Date | undefined {
  if (since === undefined) return undefined;
  const start = resolveTime(since, now);
  if (start < now) return start;
  throw new OpsError(
    "invalid_input",
    `since is not before now, ${isoSeconds(now)}.`,
    "Give an earlier time, such as now-15m.",
  );
}

interface Chosen {
  readonly sources: readonly Source[];
  /** Containers that were left aside as they seldom matter. */
  readonly skipped: readonly string[];
  /** Containers beyond those that one call reads. */
  readonly unread: number;
}

function sourcesOf({ pods, target }: FoundPods, { container }: Input): Chosen {
  const all = pods.flatMap((pod) => choice(pod, container).map((one) => ({ pod, container: one })));
  if (container !== undefined && pods.length > 0 && all.length === 0) {
    throw noContainer(container, target, pods);
  }
  const read = all.slice(0, MOST_SOURCES);
  const labels = labelsOf(
    read.map(({ pod, container: { name } }) => ({ pod: pod.metadata.name, container: name })),
  );
  const names = new Set(read.map(({ container: { name } }) => name));
  const skipped = pods.flatMap((pod) => containersOf(pod).map(({ name }) => name));
  return {
    sources: read.map((one, index) => ({ ...one, label: labels[index] ?? "" })),
    unread: all.length - read.length,
    skipped: container ? [] : [...new Set(skipped)].filter((name) => !names.has(name)),
  };
}

function choice(pod: Pod, name: string | undefined): readonly LogContainer[] {
  return name === undefined
    ? thatMatter(pod)
    : containersOf(pod).filter((container) => container.name === name);
}

function noContainer(name: string, target: string, pods: readonly Pod[]): OpsError {
  const names = [...new Set(pods.flatMap((pod) => containersOf(pod).map((one) => one.name)))];
  const [close] = closest(name, names);
  return new OpsError(
    "not_found",
    `The ${target} has no container ${name}.`,
    `${close === undefined ? "" : `Close: ${close}. `}There are: ${names.slice(0, 20).join(", ")}.`,
  );
}
