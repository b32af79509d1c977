import { expect, test } from "vitest";
import { cluster } from "../kubernetes/cluster.ts";
import { approveAtTerminal } from "./approved.ts";
import { recordsIn, startServer } from "./server.ts";
import { NAME, openStage, stateFolder, upgrade } from "./stage.ts";
import { expectOneRollback } from "./walk.ts";

const LIMIT = 200_000;

/** One approval, more than one taker; and a target that others change meanwhile. */
export function races(): void {
  test(
    "two servers race for one approval: one change",
    async ({ onTestFinished }) => {
      const stage = await openStage("race");
      const stateDir = stateFolder(onTestFinished);
      const release = { release: NAME, namespace: stage.namespace };
      const options = { stage, stateDir };
      const one = await startServer(options, onTestFinished);
      const other = await startServer(options, onTestFinished);
      const { value, text } = await one.call("helm_rollback", release);
      expect(value.status, text).toBe("approval_required");
      expect(stage.writes()).toEqual([]);
      await approveAtTerminal(stateDir, value.code, NAME);
      const args = { ...release, approval_code: value.code };
      const answers = await Promise.all(
        [one, other, one].map(({ call }) => call("helm_rollback", args)),
      );
      const later = await other.call("helm_rollback", args);
      for (const answer of [...answers, later]) {
        const status = expect.stringMatching(/^(running|applied)$/);
        expect(answer.value, answer.text).toMatchObject({ status, action_id: value.action_id });
      }
      expectOneRollback(stage);
      const { actions } = await recordsIn(stateDir, onTestFinished);
      expect(await actions.list(5)).toHaveLength(1);
    },
    LIMIT,
  );

  test(
    "a release that somebody upgrades after the approval is left alone",
    async ({ onTestFinished }) => {
      const stage = await openStage("outdated-release");
      const stateDir = stateFolder(onTestFinished);
      const release = { release: NAME, namespace: stage.namespace };
      const { call } = await startServer({ stage, stateDir }, onTestFinished);
      const { value } = await call("helm_rollback", release);
      await approveAtTerminal(stateDir, value.code, NAME);
      await upgrade(stage.namespace, { behaves: "notready" });
      const answer = await call("helm_rollback", { ...release, approval_code: value.code });
      expect(answer.value).toMatchObject({
        status: "approval_required",
        plan: { summary: expect.stringContaining("3"), warnings: expect.any(Array) },
      });
      expect(answer.text).toContain("so the approval is void");
      expect(answer.value.code).not.toBe(value.code);
      expect(stage.writes()).toEqual([]);
      const { approvals } = await recordsIn(stateDir, onTestFinished);
      expect((await approvals.byCode(String(value.code)))?.state).toBe("void");
    },
    LIMIT,
  );

  test(
    "a workload that somebody scales or patches after the approval is left alone",
    async ({ onTestFinished }) => {
      const stage = await openStage("outdated-workload", [{}]);
      const { namespace } = stage;
      const stateDir = stateFolder(onTestFinished);
      const { call } = await startServer({ stage, stateDir }, onTestFinished);
      const asks = [
        ["helm_scale", { release: NAME, namespace, replicas: 4 }],
        ["kubectl_rollout_restart", { deployment: NAME, namespace }],
      ] as const;
      const planned = await Promise.all(
        asks.map(async ([tool, args]) => ({ tool, args, ...(await call(tool, args)).value })),
      );
      await patch(namespace, { replicas: 2, template: { metadata: { labels: { by: "hand" } } } });
      for (const { tool, args, ...value } of planned) {
        const code = Object(value).code;
        await approveAtTerminal(stateDir, code, "yes");
        const answer = await call(tool, { ...args, approval_code: code });
        expect(answer.value.status).toBe("approval_required");
        expect(answer.text).toContain("so the approval is void");
      }
      expect(stage.writes()).toEqual([]);
    },
    LIMIT,
  );
}

const patch = (namespace: string, spec: object) =>
  cluster().kubectl([
    ...["patch", "deployment", NAME, "--namespace", namespace],
    ...["--type", "merge", "--patch", JSON.stringify({ spec })],
  ]);
