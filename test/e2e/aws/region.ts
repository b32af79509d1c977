import { inject, vi } from "vitest";
import { openRegions } from "#adapters/live-regions.ts";
import type { RegionPorts } from "#ports/index.ts";
import { type AwsBackend, awsBackend } from "../backends/aws/backend.ts";

/** Regions share nothing, so each file works in one of its own. */
export async function openRegion(region: string): Promise<RegionPorts & { backend: AwsBackend }> {
  const backend = awsBackend(inject("awsEndpoint"));
  for (const [name, value] of Object.entries(backend.env)) vi.stubEnv(name, value);
  return { backend, ...(await portsOf(region)) };
}

/** Ports with clients of their own, which read the environment as it is now. */
export async function portsOf(region: string): Promise<RegionPorts> {
  const places = await openRegions({ regions: [region], env: {} });
  const { alarms, metrics, logs } = (await places?.open(region)) ?? {};
  if (!alarms || !metrics || !logs) throw new Error("the region lacks a port");
  return { alarms, metrics, logs };
}
