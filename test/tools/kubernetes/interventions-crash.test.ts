import { expect, test } from "vitest";
import { MINUTE } from "#domain/window.ts";
import type { House } from "#ports/index.ts";
import type { Workloads } from "#ports/workloads.ts";
import { approve } from "../../support/approve.ts";
import { withCluster } from "../../support/cluster.ts";
import { connect, openHouse } from "../../support/connect.ts";
import { cronJob } from "../../support/fixtures.ts";

const never = () => new Promise<never>(() => {});
type Made = "cordon" | "evict" | "createJob" | "shiftTraffic";

/** The workloads of a process that dies at its n-th change, before or after the change is made. */
function dying(real: Workloads, method: Made, at: number, after: boolean): Workloads {
  let count = 0;
  const dies = async <T>(isReal: boolean, make: () => Promise<T>): Promise<T> => {
    if (!isReal || ++count < at) return make();
    if (after) await make();
    return never();
  };
  const changed: Pick<Workloads, Made> = {
    cordon: (node, cordoned, how, signal) =>
      dies(!how.dryRun, () => real.cordon(node, cordoned, how, signal)),
    evict: (pod, dryRun, signal) => dies(!dryRun, () => real.evict(pod, dryRun, signal)),
    createJob: (job, dryRun, signal) => dies(!dryRun, () => real.createJob(job, dryRun, signal)),
    shiftTraffic: (shift, how, signal) =>
      dies(!how.dryRun, () => real.shiftTraffic(shift, how, signal)),
  };
  return { ...real, [method]: changed[method] };
}

interface Death {
  readonly tool: string;
  readonly args: Record<string, unknown>;
  readonly method: Made;
  readonly at?: number;
  readonly after: boolean;
}

/** What another process finds out of an action whose own died. */
async function afterDeath({ tool, args, method, at = 1, after }: Death) {
  const overrides = { fixtures: [cronJob("nightly-report")] };
  const { house, wallClock } = await openHouse({ scenario: "quiet-night", overrides });
  const dies = withCluster(({ workloads }) => ({ workloads: dying(workloads, method, at, after) }));
  const broken: House = { ...house, world: dies(house.world) };
  const settings = { callSeconds: 0.2, holder: "dying" };
  const server = await connect({ house: broken, settings });
  const { code, action_id } = (await server.call(tool, args)).value;
  await approve(server, code);
  const begun = await server.call(tool, { ...args, approval_code: code });
  expect(begun.value.status, begun.text).toBe("running");
  server.calls.context.running.clear();
  wallClock.advance(2 * MINUTE);
  const next = await connect({ house });
  await next.call("get_action", { action_id });
  await next.calls.idle();
  return next.call("get_action", { action_id });
}

const cordon = { tool: "kubectl_cordon", args: { node: "node-a" }, method: "cordon" } as const;
const job = {
  tool: "kubectl_run_job",
  args: { cronjob: "nightly-report", namespace: "data" },
  method: "createJob",
} as const;
const shift = {
  tool: "kubectl_shift_traffic",
  args: {
    ...{ name: "uploads-api", namespace: "media" },
    selector: {
      "app.kubernetes.io/name": "thumbnailer",
      "app.kubernetes.io/instance": "thumbnailer",
    },
  },
  method: "shiftTraffic",
} as const;
const drain = { tool: "kubectl_drain_node", args: { node: "node-a" } } as const;

test.each([
  ["a cordon", cordon],
  ["a job", job],
  ["a shift", shift],
  ["a drain before its cordon", { ...drain, method: "cordon" as const }],
])("%s that never reached the cluster is found out", async (_what, death) => {
  const { value, text } = await afterDeath({ ...death, after: false });
  expect(value, text).toMatchObject({ status: "not_applied" });
});

test.each([
  ["a cordon", cordon],
  ["a job", job],
  ["a shift", shift],
])("%s that was made before the crash is verified, not made again", async (_what, death) => {
  const { value, text } = await afterDeath({ ...death, after: true });
  expect(value, text).toMatchObject({ status: "applied", verification: { outcome: "passed" } });
});

test("a drain that broke off half-way says how far it came, and offers the way back", async () => {
  const { value, text } = await afterDeath({ ...drain, method: "evict", after: false });
  expect(value, text).toMatchObject({ status: "verify_failed" });
  expect(text).toMatch(/node node-a: drained \(\d+ still there/);
  expect(text).toContain("undo_action");
});
