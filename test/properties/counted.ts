import type { House, Places } from "#ports/index.ts";

/** Reads and writes of ports, since the house was opened. */
export interface Reached {
  /** Alarms, metrics, logs, workloads, releases and runbooks. */
  world: number;
  /** Actions and reports. */
  records: number;
}

/** Which process takes over abandoned work is asked before every action: that says nothing of its arguments. */
const HOUSEKEEPING = "claimAbandoned";

/** The house with its ports counted, and its runbooks read from disk once. */
export async function counted(house: House): Promise<{ house: House; reached: Reached }> {
  const reached: Reached = { world: 0, records: 0 };
  const world = () => {
    reached.world += 1;
  };
  const records = () => {
    reached.records += 1;
  };
  const { clusters, regions, ...rest } = house.world;
  const opened = await house.records();
  const actions = watch(opened.actions, records);
  const reports = watch(opened.reports, records);
  const [list, broken] = await Promise.all([house.runbooks.list(), house.runbooks.broken()]);
  const known = { ...house.runbooks, list: async () => list, broken: async () => broken };
  return {
    reached,
    house: {
      ...house,
      world: {
        ...rest,
        ...(clusters ? { clusters: watchPlaces(clusters, world) } : {}),
        ...(regions ? { regions: watchPlaces(regions, world) } : {}),
      },
      records: async () => ({ ...opened, actions, reports }),
      runbooks: watch(known, world),
    },
  };
}

function watchPlaces<P extends object>(places: Places<P>, hit: () => void): Places<P> {
  const open = async (name: string) => {
    const ports = await places.open(name);
    return new Proxy(ports, { get: (from, port) => watchPort(Reflect.get(from, port), hit) });
  };
  return { ...places, open };
}

function watchPort(port: unknown, hit: () => void): unknown {
  return typeof port === "object" && port !== null ? watch(port, hit) : port;
}

function watch<Port extends object>(port: Port, hit: () => void): Port {
  return new Proxy(port, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== "function" || name === HOUSEKEEPING) return member;
      return (...args: unknown[]) => {
        hit();
        return Reflect.apply(member, target, args);
      };
    },
  });
}
