import { policyFile } from "#adapters/files/policy.ts";
import { runbookFolder } from "#adapters/files/runbooks.ts";
import { createCalls } from "#calls/index.ts";
import type { CallSettings } from "#calls/settings.ts";
import { toolList } from "#listed.ts";
import type { House, World } from "#ports/index.ts";
import type { Releases } from "#ports/releases.ts";
import type { Store } from "#store/index.ts";
import type { Case } from "./case.ts";
import { clusterOf } from "./cluster.ts";

/** The path of every call, over the cluster of a case. */
export function callsOver(one: Case, store: Store) {
  const house: House = {
    world: worldOf(one),
    records: async () => store,
    runbooks: runbookFolder("runbooks"),
    policy: policyFile(undefined, false),
    wallClock: { now: () => one.now },
  };
  return createCalls(house, settings, toolList);
}

function worldOf(one: Case): World {
  const workloads = clusterOf(one);
  return {
    clock: { now: () => one.now, sleep: () => Promise.resolve() },
    clusters: {
      names: ["bench"],
      offers: ["workloads", "releases"],
      open: async () => ({ workloads, releases: noReleases }),
    },
  };
}

const noRelease = () => Promise.reject(new Error("there is no release"));

/** Helm was never used here. */
const noReleases: Releases = {
  list: async () => [],
  history: async () => [],
  content: noRelease,
  allValues: noRelease,
  rollback: noRelease,
};

const settings: CallSettings = {
  mode: "read-only",
  toolsets: toolList.toolsets.map(({ name }) => name),
  namespaces: ["*"],
  logGroups: ["*"],
  callSeconds: 30,
  approveCommand: (code) => `firewatch approve ${code}`,
  holder: "bench",
  randomBytes: (length) => new Uint8Array(length),
  log: (level, message, fields) => {
    if (level === "error") process.stderr.write(`${message} ${JSON.stringify(fields)}\n`);
  },
};
