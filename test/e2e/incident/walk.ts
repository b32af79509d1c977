import { expect } from "vitest";
import * as z from "zod";
import { guideOver, type Page } from "#cli/demo/guide.ts";
import { walk } from "#cli/demo/walk.ts";
import { MINUTE, shift } from "#domain/window.ts";
import { type AwsBackend, awsBackend } from "../backends/aws/backend.ts";
import { clients, seedIncident as seedRegion } from "../backends/aws/seed.ts";
import { seedIncident, spreadReleases } from "../backends/kubernetes/incident.ts";
import { cluster } from "../kubernetes/cluster.ts";
import type { Session } from "./server.ts";
import { grantedStage, inTurn, NAME, type Stage } from "./stage.ts";

/** The story's own. */
export const NAMESPACE = "data";
const ONSET_MINUTES = 15;
const settled = "v2.3.0";

/** The incident of customer-etl on both backends, as it is met now. */
export function openIncident(endpoint: string, region: string): Promise<Stage> {
  return inTurn(() => stageIncident(endpoint, region));
}

async function stageIncident(endpoint: string, region: string): Promise<Stage> {
  const now = minuteOf(new Date());
  const release = { namespace: NAMESPACE, name: NAME, major: 4 } as const;
  const overrides = { onsetMinutesAgo: ONSET_MINUTES };
  await Promise.all([
    seedRegion(awsBackend(endpoint), { region, scenario: NAME, now, overrides }),
    seedIncident(cluster(), release),
  ]);
  await spreadReleases(cluster(), release, shift(now, -ONSET_MINUTES * MINUTE));
  return await grantedStage(NAMESPACE);
}

const minuteOf = (at: Date) => new Date(Math.floor(at.getTime() / MINUTE) * MINUTE);

/** What the pipelines do once the release that was well runs again: tasks succeed, alarms see it. */
export async function recovery(backend: AwsBackend, region: string): Promise<void> {
  const image = "{.spec.template.spec.containers[0].image}";
  const runs = `--for=jsonpath=${image}=registry.example.com/data/customer-etl:${settled}`;
  const where = [`deployment/${NAME}`, "--namespace", NAMESPACE, "--timeout", "240s"];
  await cluster().kubectl(["wait", runs, ...where]);
  const { cloudWatch, close } = clients(backend, region);
  await cloudWatch.putMetricData({
    Namespace: "Data/Pipelines",
    MetricData: [
      {
        MetricName: "FailureRate",
        Dimensions: [{ Name: "Pipeline", Value: NAME }],
        Timestamp: new Date(),
        Unit: "Percent",
        Value: 1.5,
      },
    ],
  });
  const firing = await cloudWatch.describeAlarms({
    StateValue: "ALARM",
    AlarmTypes: ["MetricAlarm", "CompositeAlarm"],
  });
  for (const { AlarmName } of [...(firing.MetricAlarms ?? []), ...(firing.CompositeAlarms ?? [])]) {
    const StateReason = "Threshold no longer crossed.";
    await cloudWatch.setAlarmState({ AlarmName, StateValue: "OK", StateReason });
  }
  close();
}

/** The demo's walk over a session: how it ended, the tools that it called in order, and what it told. */
export async function workThrough(session: Session) {
  const tools: string[] = [];
  const told: string[] = [];
  const caller = {
    async call(name: string, args: Readonly<Record<string, unknown>>) {
      tools.push(name);
      const { text, value, failed } = await session.call(name, args);
      return { text, structured: value, failed };
    },
  };
  const ending = await walk(guideOver(caller, pageOf(told)));
  return { ending, tools, told: told.join("\n") };
}

function pageOf(told: string[]): Page {
  return {
    heading: async (text) => void told.push(`\n${text}`),
    called: async (tool, args) => void told.push(`→ ${tool} ${JSON.stringify(args)}`),
    answered: async (lines) => void told.push(...lines),
    says: async (text) => void told.push(text),
  };
}

const deploymentSchema = z.object({
  spec: z.object({ replicas: z.int(), template: z.unknown() }),
  metadata: z.object({ annotations: z.record(z.string(), z.string()).default({}) }),
  status: z.object({ readyReplicas: z.int().default(0) }),
});

/** The deployment of the release, as the API server has it. */
export async function deploymentIn(namespace: string) {
  const args = ["get", "deployment", NAME, "--namespace", namespace, "-o", "json"];
  return deploymentSchema.parse(JSON.parse(await cluster().kubectl(args)));
}

/** By the API server's record, the stage's account rolled the release back once: one new record of Helm, one patch. */
export function expectOneRollback({ writes }: Stage): void {
  const all = writes();
  expect(all.filter((write) => write === `patch deployments/${NAME}`)).toHaveLength(1);
  expect(all.filter((write) => write.startsWith("create secrets"))).toHaveLength(1);
}
