import type { Alarm, Row } from "./answers.ts";

/** A workload, and why the symptom may be its own. */
export interface Suspect {
  readonly kind: WorkloadKind;
  readonly namespace: string;
  readonly name: string;
  /** `2/3`, as the cluster shows it. */
  readonly ready: string;
  readonly score: number;
  readonly why: readonly string[];
}

export const workloadKinds = ["deployment", "statefulset", "daemonset"] as const;
export type WorkloadKind = (typeof workloadKinds)[number];

/** Names that the alarms and logs give away. */
export interface Traces {
  readonly primary: Alarm;
  readonly logGroups: readonly string[];
  /** Streams of the lines that tell of the fault; pods usually write one each. */
  readonly streams: readonly string[];
}

interface Clue {
  readonly weight: number;
  readonly why: string;
  readonly holds: boolean;
}

/** Workloads that something points at, the likeliest first. */
export function suspects(
  kind: WorkloadKind,
  rows: readonly Row[],
  traces: Traces,
): readonly Suspect[] {
  return rows
    .map((row) => suspect(kind, row, traces))
    .filter(({ score }) => score > 0)
    .toSorted((a, b) => b.score - a.score || b.name.length - a.name.length);
}

function suspect(kind: WorkloadKind, row: Row, traces: Traces): Suspect {
  const { name = "", namespace = "", ready = "" } = row;
  const held = clues(name, isSick(row), traces).filter(({ holds }) => holds);
  return {
    ...{ kind, name, namespace, ready },
    score: held.reduce((sum, { weight }) => sum + weight, 0),
    why: held.map(({ why }) => why),
  };
}

/** What the pods write and what the alarm measures weigh more than names that merely resemble. */
function clues(name: string, sick: boolean, { primary, logGroups, streams }: Traces): Clue[] {
  const dimensions = Object.entries(primary.metric?.dimensions ?? {});
  const dimension = dimensions.find(([, value]) => value.split("/").includes(name));
  const named = [primary.name, primary.metric?.metric_name ?? ""];
  return [
    {
      weight: 5,
      why: "its pods wrote those lines",
      holds: streams.some((stream) => stream.startsWith(`${name}-`)),
    },
    {
      weight: 4,
      why: `the alarm's dimension ${dimension?.[0]} names it`,
      holds: dimension !== undefined,
    },
    {
      weight: 3,
      why: "the log group is named after it",
      holds: logGroups.some((group) => group.split("/").at(-1) === name),
    },
    { weight: 2, why: "the alarm's name holds its name", holds: named.some(holdsWord(name)) },
    { weight: 2, why: "it is not well", holds: sick },
  ];
}

/** Whether some of its replicas are not ready: `1/3`. */
export function isSick({ ready = "" }: Row): boolean {
  const [have, want] = ready.split("/").map(Number);
  return have !== undefined && want !== undefined && have < want;
}

/** `etl` is in `etl-errors`, not in `petl`. */
function holdsWord(name: string): (text: string) => boolean {
  return (text) => `-${text}-`.includes(`-${name}-`);
}
