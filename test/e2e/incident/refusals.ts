import { expect, test } from "vitest";
import { type Reply, startServer } from "./server.ts";
import { NAME, openStage, stateFolder } from "./stage.ts";

const replies: readonly (readonly [string, Reply | undefined, string])[] = [
  ["declined", { action: "decline" }, "declined"],
  ["cancelled", { action: "cancel" }, "declined"],
  ["accepted without content", { action: "accept" }, "declined"],
  ["accepted with no", { action: "accept", content: { approve: false, target: NAME } }, "declined"],
  [
    "of the wrong target",
    { action: "accept", content: { approve: true, target: "etl" } },
    "declined",
  ],
  ["impossible to ask for", undefined, "approval_required"],
];

/** Whatever is no yes changes nothing, by the API server's own record. */
export function refusals(): void {
  test("no yes, no write; a dry run reads and writes nothing either", async ({
    onTestFinished,
  }) => {
    const stage = await openStage("refused");
    const { namespace } = stage;
    const release = { release: NAME, namespace };
    for (const [how, reply, status] of replies) {
      const stateDir = stateFolder(onTestFinished);
      const person = reply && { person: () => reply };
      const session = await startServer({ stage, stateDir, ...person }, onTestFinished);
      const { value, text } = await session.call("helm_rollback", release);
      expect(value.status, `${how}: ${text}`).toBe(status);
      await session.close();
    }
    const stateDir = stateFolder(onTestFinished);
    const { call } = await startServer({ stage, stateDir, mode: "dry-run" }, onTestFinished);
    const config = { name: `${NAME}-config`, namespace, data: { max_connections: "80" } };
    for (const [tool, args] of [
      ["helm_rollback", release],
      ["helm_scale", { ...release, replicas: 5 }],
      ["kubectl_patch_configmap", { ...config, restart: true }],
    ] as const) {
      const { value, text } = await call(tool, args);
      expect(value.status, `${tool}: ${text}`).toBe("planned");
    }
    expect(stage.writes()).toEqual([]);
    const rehearsed = stage
      .requests()
      .filter(({ requestURI }) => requestURI.includes("dryRun=All"));
    expect(rehearsed.map(({ verb, objectRef }) => `${verb} ${objectRef?.resource}`)).toEqual(
      expect.arrayContaining(["patch deployments", "patch configmaps"]),
    );
  }, 200_000);
}
