/**
 * What can be seen of one incident: from the onset customer-etl does not give its database connections
 * back, most of its runs fail, and three pipelines that wait for it stand still.
 */
export const HOURS = 6;
export const ONSET_MINUTES = 40;
const MINUTE = 60_000;

export const logGroup = "/data/customer-etl";
export const namespace = "Data/Pipelines";
export const downstream = ["billing-export", "customer-profile", "churn-model"] as const;

export interface Sample {
  readonly metric: string;
  readonly pipeline: string;
  readonly unit: "Percent" | "Count";
  readonly at: Date;
  readonly value: number;
}

export interface Line {
  readonly stream: string;
  readonly timestamp: number;
  readonly message: string;
}

export interface Story {
  readonly start: Date;
  readonly end: Date;
  readonly onset: Date;
  readonly samples: readonly Sample[];
  /** In order of time. */
  readonly lines: readonly Line[];
}

/** The story that ends at the last whole minute before `now`; the same for the same `now`. */
export function story(now: Date): Story {
  const end = Math.floor(now.getTime() / MINUTE) * MINUTE;
  const onset = end - ONSET_MINUTES * MINUTE;
  const start = end - HOURS * 60 * MINUTE;
  const random = randomFrom(7);
  const minutes = Array.from({ length: HOURS * 60 }, (_, i) => start + i * MINUTE);
  const lines = minutes.flatMap((at) => linesOf(at, at >= onset, random));
  return {
    start: new Date(start),
    end: new Date(end),
    onset: new Date(onset),
    samples: minutes.flatMap((at) => samplesOf(at, at >= onset, lines, random)),
    lines,
  };
}

function samplesOf(
  minute: number,
  broken: boolean,
  lines: readonly Line[],
  random: () => number,
): readonly Sample[] {
  const at = new Date(minute);
  const etl = { pipeline: "customer-etl", at };
  const errors = lines.filter((line) => isError(line) && minuteOf(line) === minute).length;
  return [
    {
      ...etl,
      metric: "FailureRate",
      unit: "Percent",
      value: broken ? 75 + 6 * random() : 1 + 2 * random(),
    },
    {
      ...etl,
      metric: "ConnectionsInUse",
      unit: "Count",
      value: broken ? 50 : Math.round(14 + 8 * random()),
    },
    { ...etl, metric: "ErrorLines", unit: "Count", value: errors },
    ...downstream.map((pipeline) => ({
      metric: "BlockedRuns",
      pipeline,
      unit: "Count" as const,
      at,
      value: broken ? 3 + Math.round(2 * random()) : 0,
    })),
  ];
}

function linesOf(minute: number, broken: boolean, random: () => number): readonly Line[] {
  const many = broken ? 18 : 6;
  return Array.from({ length: many }, (_, i) => ({
    stream: `customer-etl-6f7c9d8b5-${["k2x9p", "q7wzn"][i % 2]}`,
    timestamp: minute + Math.floor((i * MINUTE) / many),
    message: broken && i % 3 !== 0 ? failure(random) : success(random),
  }));
}

function failure(random: () => number): string {
  const waiting = 20 + Math.floor(60 * random());
  return `ERROR pool: no connection within 30000 ms (active=50 idle=0 waiting=${waiting})`;
}

function success(random: () => number): string {
  return `INFO batch ${10_000 + Math.floor(89_999 * random())} loaded, ${Math.floor(900 * random())} rows`;
}

const isError = ({ message }: Line) => message.startsWith("ERROR");
const minuteOf = ({ timestamp }: Line) => Math.floor(timestamp / MINUTE) * MINUTE;

/** Numbers from 0 to 1, the same on every machine (a linear congruential generator of 32 bits). */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
