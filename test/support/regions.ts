import type { OpsError } from "#errors.ts";
import type { Places, RegionPorts, World } from "#ports/index.ts";

/** The same world, with its regions changed. */
export function withRegions(
  change: (regions: Places<RegionPorts>) => Places<RegionPorts>,
): (world: World) => World {
  return (world) => (world.regions ? { ...world, regions: change(world.regions) } : world);
}

/** A further region beside the world's own, in which every read of alarms, metrics and logs ends in the error. */
export function brokenRegion(name: string, error: OpsError): (world: World) => World {
  const fail = () => Promise.reject(error);
  return withRegions((regions) => ({
    ...regions,
    names: [...regions.names, name],
    open: (region) => (region === name ? Promise.resolve(brokenPorts(fail)) : regions.open(region)),
  }));
}

function brokenPorts(fail: () => Promise<never>): RegionPorts {
  return {
    alarms: { list: fail, history: fail, mutes: fail, consoleUrl: () => undefined },
    metrics: { statistics: fail, find: fail },
    logs: { filter: fail, groups: fail, metricFilters: fail },
  };
}
