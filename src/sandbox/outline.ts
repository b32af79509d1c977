import type { ClusterPorts, Places, RegionPorts, World } from "#ports/index.ts";
import { SIMULATED_CLUSTER } from "#ports/journal.ts";

export const scenarioNames = [
  "customer-etl",
  "checkout-memory",
  "quiet-night",
  "image-typo",
  "probe-path",
  "missing-config-key",
  "gitops-owned",
  "bad-configmap",
  "quota-blocked-rollout",
  "stuck-claim",
  "network-policy",
  "service-selector",
  "node-pressure",
  "hpa-without-requests",
  "two-causes",
] as const;
export type ScenarioName = (typeof scenarioNames)[number];

/** The place names that the sandbox offers. */
export const CLUSTER = SIMULATED_CLUSTER;
export const PLACE = { region: "us-east-1", account: "123456789012" };

const clusterOffers = ["workloads", "releases"] as const satisfies (keyof ClusterPorts)[];
const regionOffers = ["alarms", "metrics", "logs"] as const satisfies (keyof RegionPorts)[];

/** The sandbox before it is made: enough to list tools by. The first `refresh` makes its world. */
export function sandboxOnFirstUse(make: () => Promise<World>): World {
  let making: Promise<World> | undefined;
  let world: World | undefined;
  const made = () => {
    making ??= make().then(
      (fresh) => {
        world = fresh;
        return fresh;
      },
      (error: unknown) => {
        making = undefined;
        throw error;
      },
    );
    return making;
  };
  return {
    clock: {
      now() {
        if (world === undefined)
          throw new Error("the sandbox's time is asked for before its world is made");
        return world.clock.now();
      },
      sleep: async (milliseconds, signal) => (await made()).clock.sleep(milliseconds, signal),
    },
    clusters: laterPlaces(CLUSTER, clusterOffers, async () => (await made()).clusters),
    regions: laterPlaces(PLACE.region, regionOffers, async () => (await made()).regions),
    refresh: async () => (await made()).refresh?.(),
  };
}

function laterPlaces<P>(
  name: string,
  offers: Places<P>["offers"],
  places: () => Promise<Places<P> | undefined>,
): Places<P> {
  return { names: [name], offers, open: async (wanted) => (await places())?.open(wanted) ?? {} };
}
