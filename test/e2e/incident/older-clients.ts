import { expect, inject, test } from "vitest";
import { awsBackend } from "../backends/aws/backend.ts";
import { seedIncident } from "../backends/aws/seed.ts";
import { ended } from "./approved.ts";
import { olderOnHttp, olderOnStdio, type StartOlder } from "./older.ts";
import { inTurn, NAME, openStage, stateFolder } from "./stage.ts";
import { expectOneRollback } from "./walk.ts";

const over: readonly (readonly [string, string, StartOlder])[] = [
  ["stdio", "ap-northeast-1", olderOnStdio],
  ["http", "ap-northeast-2", olderOnHttp],
];

/** The same tools through clients of the older protocol generation. */
export function olderClients(): void {
  for (const [how, region, start] of over) {
    test(`an older client over ${how}: alarms, lines, pods, releases, an approved rollback`, async ({
      onTestFinished,
    }) => {
      const backend = awsBackend(inject("awsEndpoint"));
      const seeded = inTurn(() =>
        seedIncident(backend, { region, scenario: NAME, now: new Date() }),
      );
      const [stage] = await Promise.all([openStage(`older-${how}`), seeded]);
      const { namespace } = stage;
      const questions: string[] = [];
      const session = await start(
        { stage, stateDir: stateFolder(onTestFinished), region },
        (message) => {
          questions.push(message);
          return { action: "accept", content: { approve: true, target: NAME } };
        },
        onTestFinished,
      );
      const { call } = session;
      const alarms = await call("list_active_alarms");
      expect(alarms.text).toContain("customer-etl-failure-rate");
      const lines = await call("fetch_log_events", { log_group: `/data/${NAME}` });
      expect(lines, lines.text).toMatchObject({
        failed: false,
        value: { found: expect.any(Number) },
      });
      const pods = await call("kubectl_get", { resource_type: "pods", namespace });
      expect(pods.text).toContain("CrashLoopBackOff");
      const release = { release: NAME, namespace };
      const history = await call("helm_history", release);
      expect(history.value.revisions).toMatchObject([
        { revision: 2, healthy: false },
        { revision: 1, healthy: true },
      ]);
      const { value, text } = await call("helm_rollback", release);
      const last = await ended(session, value.action_id);
      expect(last.value, `${text}\n${last.text}`).toMatchObject({
        status: "applied",
        verification: { outcome: "passed" },
      });
      expect(questions).toHaveLength(1);
      expectOneRollback(stage);
    }, 280_000);
  }
}
