import { describe, expect, inject, test } from "vitest";
import { awsBackend } from "../backends/aws/backend.ts";
import { changes } from "./changes.ts";
import { crashes } from "./crashes.ts";
import { olderClients } from "./older-clients.ts";
import { races } from "./races.ts";
import { refusals } from "./refusals.ts";
import { recordsIn, startServer } from "./server.ts";
import { NAME, stateFolder } from "./stage.ts";
import {
  deploymentIn,
  expectOneRollback,
  NAMESPACE,
  openIncident,
  recovery,
  workThrough,
} from "./walk.ts";

const MINUTES = 60_000;

/** Each change is watched for a minute before it counts as verified: they all are watched at the same time. */
describe.concurrent("on a real control plane, with real Helm and an AWS endpoint", () => {
  test(
    "the walk takes the incident from alarm to report",
    async ({ onTestFinished }) => {
      const region = "ap-south-1";
      const endpoint = inject("awsEndpoint");
      const stage = await openIncident(endpoint, region);
      const stateDir = stateFolder(onTestFinished);
      const questions: string[] = [];
      const session = await startServer(
        {
          ...{ stage, stateDir, region },
          person(message) {
            questions.push(message);
            return { action: "accept", content: { approve: true, target: NAME } };
          },
        },
        onTestFinished,
      );
      const recovered = recovery(awsBackend(endpoint), region);
      const { ending, tools, told } = await workThrough(session);
      expect(ending, told).toEqual({
        outcome: "healed",
        why: "the alarms are quiet and the change was verified",
      });
      await recovered;
      expect([...new Set(tools)]).toEqual([
        "list_active_alarms",
        "get_alarm_history",
        "get_metric_statistics",
        "fetch_log_events",
        "kubectl_get",
        "kubectl_rollout_status",
        "helm_history",
        "find_runbook",
        "get_runbook",
        "helm_rollback",
        "get_action",
        "post_incident_report",
      ]);
      expect(questions).toHaveLength(1);
      expectOneRollback(stage);
      const { actions, reports } = await recordsIn(stateDir, onTestFinished);
      expect(await actions.list(5)).toMatchObject([
        {
          tool: "helm_rollback",
          state: "passed",
          applied: { facts: { from: 7, to: 6, new_revision: 8 } },
        },
      ]);
      const [report, ...others] = await reports.list(5);
      expect(others).toEqual([]);
      expect(report?.markdown).toContain(`Rolled release ${NAME} back to revision 6.`);
      expect((await deploymentIn(NAMESPACE)).status.readyReplicas).toBe(3);
    },
    5 * MINUTES,
  );

  crashes();
  changes();
  olderClients();
  races();
  refusals();
});
