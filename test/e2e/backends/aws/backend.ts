import * as z from "zod";

/** How the endpoint disturbs requests of an action (`*` globs). Without `code` it only delays them. */
export interface AwsFault {
  readonly action: string;
  readonly region?: string;
  readonly code?: string;
  /** HTTP status; 400 unless given. */
  readonly status?: number;
  readonly message?: string;
  /** How many requests it hits; all of them unless given. */
  readonly times?: number;
  readonly delay_ms?: number;
}

/** The endpoint as tests use it, beside the AWS wire. Regions share nothing. */
export interface AwsBackend {
  readonly endpoint: string;
  /** Points the AWS SDK at the endpoint. */
  readonly env: Readonly<Record<string, string>>;
  /** IAM action to number of requests, attempts included. */
  calls(region: string): Promise<Readonly<Record<string, number>>>;
  forgetCalls(region: string): Promise<void>;
  addFaults(faults: readonly AwsFault[]): Promise<void>;
  clearFaults(region: string): Promise<void>;
  /** Judges the region's alarms minute by minute from their data, and writes their history. */
  replayAlarms(region: string, from: Date, to: Date): Promise<void>;
  setAlarm(region: string, alarm: AlarmAt): Promise<void>;
  /** Drops everything in every region. */
  reset(): Promise<void>;
}

export interface AlarmAt {
  readonly name: string;
  readonly state: "OK" | "ALARM" | "INSUFFICIENT_DATA";
  readonly reason: string;
  readonly at: Date;
}

const callsSchema = z.record(z.string(), z.number());
const seconds = (at: Date) => at.getTime() / 1000;

/** The backend behind an endpoint that runs. */
export function awsBackend(endpoint: string): AwsBackend {
  const ask = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const answer = await fetch(`${endpoint}${path}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };
  return {
    endpoint,
    env: {
      AWS_ENDPOINT_URL: endpoint,
      AWS_ACCESS_KEY_ID: "firewatch",
      AWS_SECRET_ACCESS_KEY: "firewatch",
      AWS_REGION: "eu-west-1",
      AWS_EC2_METADATA_DISABLED: "true",
    },
    calls: async (region) => callsSchema.parse(await ask("GET", `/emu/calls?region=${region}`)),
    forgetCalls: async (region) => void (await ask("DELETE", `/emu/calls?region=${region}`)),
    addFaults: async (faults) => void (await ask("POST", "/emu/faults", faults)),
    clearFaults: async (region) => void (await ask("DELETE", `/emu/faults?region=${region}`)),
    replayAlarms: async (region, from, to) =>
      void (await ask("POST", "/emu/replay", {
        region,
        from: seconds(from),
        to: seconds(to),
        step: 60,
      })),
    setAlarm: async (region, { at, ...alarm }) =>
      void (await ask("POST", "/emu/alarm-state", { region, ...alarm, at: seconds(at) })),
    reset: async () => void (await ask("POST", "/moto-api/reset")),
  };
}
