import type { Alarm, MetricId } from "#domain/alarms/alarm.ts";

export const failureRate: MetricId = {
  namespace: "Data/Pipelines",
  name: "FailureRate",
  dimensions: { Pipeline: "customer-etl" },
};

/** A plain metric alarm; the given fields replace its own. */
export function alarm(fields: Partial<Alarm> = {}): Alarm {
  return {
    name: "failure-rate",
    kind: "metric",
    state: "ALARM",
    stateReason: "Threshold Crossed",
    since: new Date("2026-04-25T13:40:00Z"),
    actionsEnabled: true,
    queries: [
      { id: "m1", metric: failureRate, statistic: "Average", periodSeconds: 60, evaluated: true },
    ],
    threshold: 10,
    comparison: "GreaterThanThreshold",
    evaluationPeriods: 3,
    ...fields,
  };
}
