import type { ClusterPorts, Places, RegionPorts, World } from "#ports/index.ts";
import type { Journal } from "#ports/journal.ts";
import { createSandbox, type Overrides } from "#sandbox/index.ts";
import { openStore } from "#store/index.ts";

/** When the tests' worlds begin. */
export const startedAt = new Date("2026-04-25T14:22:33Z");

export const signal = new AbortController().signal;

export interface OpenOptions {
  readonly scenario: string;
  readonly seed?: number;
  readonly overrides?: Overrides;
  /** Another process's journal. */
  readonly journal?: Journal;
  readonly wallClock?: { now(): Date };
}

/** A sandbox over a store in memory, with all of its ports. The wall clock stands still. */
export async function openSandbox(options: OpenOptions) {
  const journal = options.journal ?? (await openStore({ path: ":memory:" })).journal;
  const wallClock = { now: () => startedAt };
  const world = await createSandbox({ wallClock, ...options, journal });
  const cluster = await allOf<ClusterPorts>(world.clusters);
  const region = await allOf<RegionPorts>(world.regions);
  return { world, journal, clock: world.clock, ...ports(cluster, region) };
}

export type Sandbox = Awaited<ReturnType<typeof openSandbox>>;

async function allOf<P>(places: Places<P> | undefined): Promise<Partial<P>> {
  const [name] = places?.names ?? [];
  if (!places || name === undefined) throw new Error("the sandbox has no such place");
  return places.open(name);
}

function ports(cluster: Partial<ClusterPorts>, region: Partial<RegionPorts>) {
  const { workloads, releases } = cluster;
  const { alarms, metrics, logs } = region;
  if (!workloads || !releases || !alarms || !metrics || !logs) {
    throw new Error("the sandbox lacks a port");
  }
  return { workloads, releases, alarms, metrics, logs };
}

/** Lets simulated minutes pass. */
export function pass(world: World, minutes: number): Promise<void> {
  return world.clock.sleep(minutes * 60_000, signal);
}
