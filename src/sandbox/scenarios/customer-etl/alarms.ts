import type { MetricId } from "#domain/alarms/alarm.ts";
import { DAY } from "#domain/window.ts";
import type { Setting } from "#sandbox/scenario.ts";
import { above, anyOf } from "#sandbox/scenarios/alarm-specs.ts";
import { family } from "#sandbox/scenarios/metric-sources.ts";
import type { AlarmSpec } from "#sandbox/signals/source.ts";
import type { EtlApps } from "./apps.ts";

/** The metric that the pipeline's error lines feed. */
export function errorLines(name: string): MetricId {
  return { namespace: "Data/Logs", name: `${name}-errors`, dimensions: {} };
}

export function etlAlarms(
  setting: Setting,
  apps: EtlApps,
  group: (app: string) => string,
): readonly AlarmSpec[] {
  const { start } = setting;
  const { name } = apps.etl;
  const createdAt = start - 60 * DAY;
  const failing = above(family("Data/Pipelines", { Pipeline: name })("FailureRate"), {
    name: `${name}-failure-rate`,
    description: "More than a fifth of the pipeline's tasks fail.",
    threshold: 20,
    createdAt,
    updatedAt: start - 33 * DAY,
  });
  const lags = apps.downstream.map((app) =>
    above(family("Data/Pipelines", { Pipeline: app.name })("LagMinutes"), {
      name: `${app.name}-lag`,
      description: `${app.name} works on data older than four minutes.`,
      threshold: 4,
      evaluationPeriods: 2,
      createdAt,
    }),
  );
  return [
    failing,
    ...lags,
    anyOf([failing, ...lags], {
      name: setting.name("customer-data-delivery"),
      description: "Customer data does not reach those who wait for it.",
      createdAt,
    }),
    above(
      { namespace: "Data/Logs", name: `${name}-errors`, dimensions: {} },
      {
        name: `${name}-error-lines`,
        description: "Error lines of the pipeline per minute.",
        statistic: "Sum",
        threshold: 25,
        treatMissingData: "notBreaching",
        createdAt,
      },
    ),
    ...quietAlarms(setting, apps, group),
  ];
}

/** Alarms on what stays well in this story. */
function quietAlarms(
  setting: Setting,
  apps: EtlApps,
  group: (app: string) => string,
): readonly AlarmSpec[] {
  const createdAt = setting.start - 90 * DAY;
  const database = setting.name("legacy-crm");
  const [follower] = apps.downstream;
  return [
    above(family("AWS/RDS", { DBInstanceIdentifier: database })("CPUUtilization"), {
      name: `${database}-cpu`,
      threshold: 90,
      evaluationPeriods: 5,
      datapointsToAlarm: 5,
      createdAt,
    }),
    above(family("Data/Pipelines", { Pipeline: apps.archive.name })("LagMinutes"), {
      name: `${apps.archive.name}-lag`,
      description: "The archive is paused for the audit and reports nothing.",
      threshold: 1440,
      createdAt,
    }),
    {
      kind: "log",
      name: `${follower.name}-rejected-records`,
      description: "Records that the schema check refused.",
      query: 'fields @timestamp, @message | filter level = "error" | stats count(*)',
      groups: [group(follower.name)],
      pattern: '{ $.level = "error" }',
      threshold: 20,
      comparison: "GreaterThanThreshold",
      periodSeconds: 300,
      evaluationPeriods: 1,
      datapointsToAlarm: 1,
      treatMissingData: "notBreaching",
      createdAt,
    },
  ];
}
