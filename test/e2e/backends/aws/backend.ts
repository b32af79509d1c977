import * as z from "zod";
import type { Alarm, AlarmEvent } from "#domain/alarms/alarm.ts";

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
  readonly env: Readonly<Record<string, string>> & { readonly AWS_REGION: string };
  /** IAM action to number of requests, attempts included. */
  calls(region: string): Promise<Readonly<Record<string, number>>>;
  forgetCalls(region: string): Promise<void>;
  addFaults(faults: readonly AwsFault[]): Promise<void>;
  clearFaults(region: string): Promise<void>;
  /** Gives an alarm its state and its history, oldest event first, in place of what it had. */
  setPast(region: string, alarm: AlarmNow, events: readonly AlarmEvent[]): Promise<void>;
  /** Drops everything in every region. */
  reset(): Promise<void>;
}

export type AlarmNow = Pick<Alarm, "name" | "state" | "stateReason" | "since">;

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
    setPast: async (region, { name, state, stateReason, since }, events) =>
      void (await ask("POST", "/emu/past", {
        region,
        name,
        state,
        reason: stateReason,
        since: seconds(since),
        events: events.map((event) => ({ ...event, at: seconds(event.at) })),
      })),
    reset: async () => void (await ask("POST", "/moto-api/reset")),
  };
}
