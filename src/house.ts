import { randomBytes, randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { join } from "node:path";
import type { CallSettings } from "#calls/settings.ts";
import type { House, World } from "#ports/index.ts";
import type { Store } from "#store/index.ts";
import type { ListedToolset } from "#tools/list.ts";
import { approveCommand } from "./approve-command.ts";
import type { Config } from "./config.ts";
import { log } from "./log.ts";

/** The house with what has to be closed in the end. */
export interface OpenHouse {
  readonly house: House;
  /** Opened, and migrated, on first use. */
  store(): Promise<Store>;
  close(): Promise<void>;
}

/** Records and files of this configuration, and its world. */
export async function openHouse(config: Config): Promise<OpenHouse> {
  const office = openOffice(config);
  return { ...office, house: { ...office.house, world: await openWorld(config, office.store) } };
}

/** Records and files alone: no backend is touched, and its world is nothing but the time. */
export function openOffice(config: Config): OpenHouse {
  const store = lazily(async () => {
    const { openStore } = await import("#store/index.ts");
    return openStore({ path: join(config.stateDir, "firewatch.db") });
  });
  const { path, named } = config.policy;
  const house: House = {
    world: { clock: { now: wallClock.now, sleep: () => Promise.resolve() } },
    records: store.get,
    runbooks: lazyRunbooks(),
    policy: {
      load: async () => (await import("#adapters/files/policy.ts")).policyFile(path, named).load(),
    },
    wallClock,
  };
  return { house, store: store.get, close: async () => (await store.opened())?.close() };
}

export function callSettings(config: Config, toolsets: readonly ListedToolset[]): CallSettings {
  const { mode, namespaces, logGroups, callSeconds } = config;
  return {
    mode,
    namespaces,
    logGroups,
    callSeconds,
    toolsets: chosenToolsets(config.toolsets, toolsets),
    approveCommand: approveCommand(config),
    holder: `${hostname()}/${process.pid}/${randomUUID().slice(0, 8)}`,
    randomBytes,
    log,
  };
}

const wallClock = { now: () => new Date() };

async function openWorld(config: Config, store: () => Promise<Store>): Promise<World> {
  if (config.sandbox === undefined) {
    const { openLive } = await import("#adapters/live.ts");
    return openLive(config);
  }
  const { sandbox } = config;
  const { sandboxOnFirstUse } = await import("#sandbox/outline.ts");
  return sandboxOnFirstUse(async () => {
    const { createSandbox } = await import("#sandbox/index.ts");
    return createSandbox({ ...sandbox, journal: (await store()).journal, wallClock });
  });
}

function lazyRunbooks(): House["runbooks"] {
  const { get } = lazily(async () => {
    const { runbookFolder } = await import("#adapters/files/runbooks.ts");
    const { packageRoot } = await import("#adapters/files/package-root.ts");
    return runbookFolder(join(packageRoot(), "runbooks"));
  });
  return {
    list: async () => (await get()).list(),
    broken: async () => (await get()).broken(),
    source: async (slug) => (await get()).source(slug),
  };
}

/** `default` stands for the usual toolsets, `all` for every one. */
function chosenToolsets(
  given: readonly string[] = ["default"],
  toolsets: readonly ListedToolset[],
) {
  const chosen = (name: string, usual: boolean) =>
    given.includes(name) || given.includes("all") || (usual && given.includes("default"));
  return toolsets.filter((each) => chosen(each.name, each.default)).map(({ name }) => name);
}

/** Made once; made anew after a failure. */
function lazily<T>(make: () => Promise<T>) {
  let made: Promise<T> | undefined;
  return {
    get(): Promise<T> {
      made ??= make().catch((error: unknown) => {
        made = undefined;
        throw error;
      });
      return made;
    },
    /** What was made, if anything was. */
    opened: async () => made?.catch(() => undefined),
  };
}
