import { OpsError } from "#errors.ts";
import type { ClusterPorts, Places, RegionPorts, World } from "#ports/index.ts";
import type { Journal } from "#ports/journal.ts";
import { objectsOf } from "./kubernetes/objects.ts";
import { simulatedWorkloads } from "./kubernetes/workloads.ts";
import { CLUSTER, PLACE, type ScenarioName, scenarioNames } from "./outline.ts";
import { simulatedReleases } from "./releases.ts";
import type { Overrides, Scenario, Stage } from "./scenario.ts";
import { checkoutMemory } from "./scenarios/checkout-memory.ts";
import { customerEtl } from "./scenarios/customer-etl.ts";
import { quietNight } from "./scenarios/quiet-night.ts";
import {
  badConfigmap,
  gitopsOwned,
  hpaWithoutRequests,
  imageTypo,
  missingConfigKey,
  networkPolicy,
  nodePressure,
  probePath,
  quotaBlockedRollout,
  serviceSelector,
  stuckClaim,
  twoCauses,
} from "./scenarios/web-stories.ts";
import { simulatedAlarms } from "./signals/alarms.ts";
import { simulatedLogs } from "./signals/logs.ts";
import { simulatedMetrics } from "./signals/metrics.ts";
import { type Simulation, simulate } from "./simulation.ts";

export { scenarioNames } from "./outline.ts";
export type { Overrides } from "./scenario.ts";

const scenarios: Readonly<Record<ScenarioName, Scenario>> = {
  "customer-etl": customerEtl,
  "checkout-memory": checkoutMemory,
  "quiet-night": quietNight,
  "image-typo": imageTypo,
  "probe-path": probePath,
  "missing-config-key": missingConfigKey,
  "gitops-owned": gitopsOwned,
  "bad-configmap": badConfigmap,
  "quota-blocked-rollout": quotaBlockedRollout,
  "stuck-claim": stuckClaim,
  "network-policy": networkPolicy,
  "service-selector": serviceSelector,
  "node-pressure": nodePressure,
  "hpa-without-requests": hpaWithoutRequests,
  "two-causes": twoCauses,
};

export interface SandboxOptions {
  readonly scenario: string;
  readonly seed?: number;
  readonly journal: Journal;
  readonly wallClock: { now(): Date };
  readonly overrides?: Overrides;
}

/** A simulated world with the journal's past. It never sends anything anywhere: it has no chat. */
export async function createSandbox(options: SandboxOptions): Promise<World> {
  const { journal, wallClock, overrides = {}, seed = 1 } = options;
  const scenario = scenarioNamed(options.scenario);
  const head = await journal.open({ scenario: scenario.name, seed, startedAt: wallClock.now() });
  const stage = scenario.stage({
    start: head.startedAt.getTime(),
    seed: head.seed,
    overrides,
    name: (usual) => overrides.names?.[usual] ?? usual,
  });
  const simulation = simulate(withMore(stage, overrides), head, journal, wallClock);
  await simulation.refresh();
  return worldOf(simulation);
}

/** The stage with what a test adds to it. */
function withMore(stage: Stage, { budgets = {}, fixtures = [] }: Overrides): Stage {
  const added = stage.apps.flatMap((app) => {
    const minAvailable = budgets[app.name];
    return minAvailable === undefined ? [] : [{ app, minAvailable }];
  });
  return {
    ...stage,
    fixtures: [...stage.fixtures, ...fixtures],
    budgets: [...(stage.budgets ?? []), ...added],
  };
}

function worldOf(simulation: Simulation): World {
  return {
    clock: {
      now: () => new Date(simulation.now()),
      async sleep(milliseconds, signal) {
        signal.throwIfAborted();
        if (milliseconds > 0) await simulation.apply({ type: "advance", milliseconds });
      },
    },
    clusters: onePlace(CLUSTER, clusterPorts(simulation)),
    regions: onePlace(PLACE.region, regionPorts(simulation)),
    refresh: () => simulation.refresh(),
  };
}

function clusterPorts(simulation: Simulation): ClusterPorts {
  const { stage, seed, now } = simulation;
  return {
    workloads: simulatedWorkloads({
      objects: (kind) =>
        objectsOf(kind, stage, {
          ...{ now: now(), seed, applied: simulation.applied() },
          history: simulation.outlook().history,
        }),
      objectsAfter: (effect, kind) =>
        objectsOf(kind, stage, {
          ...{ now: now(), seed, applied: simulation.appliedAfter(effect) },
          history: simulation.historyAfter(effect),
        }),
      logSources: () => simulation.outlook().signals.logs,
      now,
      apply: (effect) => simulation.apply(effect),
    }),
    releases: simulatedReleases({
      apps: () => stage.apps,
      history: () => simulation.outlook().history,
      now,
      apply: (effect) => simulation.apply(effect),
      advance: (milliseconds) => simulation.apply({ type: "advance", milliseconds }),
    }),
  };
}

function regionPorts(simulation: Simulation): RegionPorts {
  const { outlook, now } = simulation;
  return {
    alarms: simulatedAlarms(
      { signals: () => outlook().signals, courses: () => outlook().alarms, now },
      PLACE,
    ),
    metrics: simulatedMetrics(() => outlook().metrics, now),
    logs: simulatedLogs(() => outlook().signals, now),
  };
}

function onePlace<P extends object>(
  name: string,
  ports: P & Record<keyof P & string, unknown>,
): Places<P> {
  return {
    names: [name],
    offers: namesOf(ports),
    async open(wanted) {
      if (wanted === name) return ports;
      throw new OpsError(
        "not_found",
        `The sandbox has no ${JSON.stringify(wanted)}.`,
        `Use ${name}.`,
      );
    },
  };
}

function namesOf<P extends object>(ports: P): readonly (keyof P & string)[] {
  const isName = (key: string): key is keyof P & string => key in ports;
  return Object.keys(ports).filter(isName);
}

function scenarioNamed(name: string): Scenario {
  const found = scenarioNames.find((known) => known === name);
  if (found) return scenarios[found];
  throw new OpsError(
    "invalid_input",
    `No scenario ${JSON.stringify(name)}.`,
    `Scenarios: ${scenarioNames.join(", ")}.`,
  );
}
