import { expect, test } from "vitest";
import { type Reply, startServer } from "./server.ts";
import { type Cleanup, NAME, openStage, type Stage, stateFolder } from "./stage.ts";

const replies: readonly (readonly [string, Reply])[] = [
  ["declined", { action: "decline" }],
  ["cancelled", { action: "cancel" }],
  ["accepted without content", { action: "accept" }],
  ["accepted with no", { action: "accept", content: { approve: false, target: NAME } }],
  ["for the wrong target", { action: "accept", content: { approve: true, target: "etl" } }],
];

/** Whatever is no yes changes nothing, by the API server's own record. */
export function refusals(): void {
  test("no yes, no write; a dry run reads and writes nothing either", async ({
    onTestFinished,
  }) => {
    const stage = await openStage("refused");
    await Promise.all([asks(stage, onTestFinished), cannotAsk(stage, onTestFinished)]);
    await dryRuns(stage, onTestFinished);
    expect(stage.writes()).toEqual([]);
    const rehearsed = stage
      .requests()
      .filter(({ requestURI }) => requestURI.includes("dryRun=All"));
    expect(rehearsed.map(({ verb, objectRef }) => `${verb} ${objectRef?.resource}`)).toEqual(
      expect.arrayContaining(["patch deployments", "patch configmaps"]),
    );
  }, 200_000);
}

const releaseOn = ({ namespace }: Stage) => ({ release: NAME, namespace });

/** A dialog that is not answered with a yes leaves the approval open: the next call asks once more. */
async function asks(stage: Stage, cleanup: Cleanup): Promise<void> {
  let reply: Reply = { action: "decline" };
  const stateDir = stateFolder(cleanup);
  const { call } = await startServer({ stage, stateDir, person: () => reply }, cleanup);
  const codes = new Set<unknown>();
  for (const [how, next] of replies) {
    reply = next;
    const { value, text } = await call("helm_rollback", releaseOn(stage));
    expect(value.status, `${how}: ${text}`).toBe("declined");
    codes.add(value.code);
  }
  expect([...codes]).toEqual([expect.any(String)]);
}

async function cannotAsk(stage: Stage, cleanup: Cleanup): Promise<void> {
  const { call } = await startServer({ stage, stateDir: stateFolder(cleanup) }, cleanup);
  const { value, text } = await call("helm_rollback", releaseOn(stage));
  expect(value.status, text).toBe("approval_required");
}

async function dryRuns(stage: Stage, cleanup: Cleanup): Promise<void> {
  const stateDir = stateFolder(cleanup);
  const { call } = await startServer({ stage, stateDir, mode: "dry-run" }, cleanup);
  const { namespace } = stage;
  const config = { name: `${NAME}-config`, namespace, data: { max_connections: "80" } };
  for (const [tool, args] of [
    ["helm_rollback", releaseOn(stage)],
    ["helm_scale", { ...releaseOn(stage), replicas: 5 }],
    ["kubectl_patch_configmap", { ...config, restart: true }],
  ] as const) {
    const { value, text } = await call(tool, args);
    expect(value.status, `${tool}: ${text}`).toBe("planned");
  }
}
