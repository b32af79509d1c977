import { CloudWatch } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogs } from "@aws-sdk/client-cloudwatch-logs";
import { HOUR, shift, trailing } from "#domain/window.ts";
import type { RegionPorts } from "#ports/index.ts";
import { createSandbox, type Overrides } from "#sandbox/index.ts";
import { openStore } from "#store/index.ts";
import { alarmWriter } from "./alarms.ts";
import type { AwsBackend } from "./backend.ts";
import { writeLogs } from "./logs.ts";
import { writeMetrics } from "./metrics.ts";

export interface Seed {
  readonly region: string;
  /** A scenario of the sandbox. */
  readonly scenario: string;
  /** The moment at which the incident is met; what can be seen ends here. */
  readonly now: Date;
  readonly overrides?: Overrides;
}

const signal = new AbortController().signal;

/** Copies what the sandbox shows of a scenario into a region of the endpoint: alarms, metrics and logs. */
export async function seedIncident(backend: AwsBackend, seed: Seed): Promise<void> {
  const from = await simulated(seed);
  const to = clients(backend, seed.region);
  const alarms = await from.alarms.list({}, signal);
  await writeMetrics(to.cloudWatch, from.metrics, alarms, trailing(seed.now, 12 * 60));
  await writeLogs(to.logs, from.logs, alarms, trailing(seed.now, 3 * 60));
  const write = alarmWriter(to.cloudWatch, seed.now);
  for (const alarm of alarms) {
    await write.alarm(alarm);
    const past = { start: shift(seed.now, -14 * 24 * HOUR), end: shift(seed.now, 1) };
    const events = await from.alarms.history(alarm.name, past, signal);
    await backend.setPast(seed.region, alarm, events.toReversed());
  }
  await write.mutes(await from.alarms.mutes(signal));
  to.close();
  await backend.forgetCalls(seed.region);
}

/** Clients that put things into a region of the endpoint. */
export function clients(backend: AwsBackend, region: string) {
  const credentials = { accessKeyId: "firewatch", secretAccessKey: "firewatch" };
  const settings = { region, endpoint: backend.endpoint, credentials };
  const cloudWatch = new CloudWatch(settings);
  const logs = new CloudWatchLogs(settings);
  return {
    cloudWatch,
    logs,
    close() {
      cloudWatch.destroy();
      logs.destroy();
    },
  };
}

async function simulated({ scenario, now, overrides = {} }: Seed): Promise<RegionPorts> {
  const { journal } = await openStore({ path: ":memory:" });
  const world = await createSandbox({
    scenario,
    overrides,
    journal,
    wallClock: { now: () => now },
  });
  const { alarms, metrics, logs } = (await world.regions?.open(world.regions.names[0] ?? "")) ?? {};
  if (!alarms || !metrics || !logs) throw new Error("The sandbox has no region.");
  return { alarms, metrics, logs };
}
