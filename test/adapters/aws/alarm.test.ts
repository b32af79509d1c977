import { expect, test } from "vitest";
import { compositeAlarm, logAlarm, metricAlarm } from "#adapters/aws/alarm.ts";
import { alarmEvent } from "#adapters/aws/alarm-event.ts";

const changed = new Date("2026-04-25T14:22:00Z");
const evaluated = new Date("2026-04-25T15:00:00Z");
const common = {
  AlarmName: "a",
  StateValue: "ALARM",
  StateTransitionedTimestamp: changed,
  StateUpdatedTimestamp: evaluated,
} as const;

test("since is when the state changed, not when it was last judged", () => {
  expect(metricAlarm(common).since).toEqual(changed);
  expect(metricAlarm({ StateUpdatedTimestamp: evaluated }).since).toEqual(evaluated);
});

test("metric math comes entry by entry; the band of an anomaly alarm is not what is judged", () => {
  const { queries } = metricAlarm({
    ...common,
    ThresholdMetricId: "band",
    Metrics: [
      {
        Id: "m1",
        ReturnData: true,
        MetricStat: {
          Metric: {
            Namespace: "AWS/RDS",
            MetricName: "CPUUtilization",
            Dimensions: [{ Name: "DBInstanceIdentifier", Value: "db" }],
          },
          Period: 300,
          Stat: "p99",
        },
      },
      { Id: "band", Expression: "ANOMALY_DETECTION_BAND(m1, 2)", Label: "expected" },
    ],
  });
  expect(queries).toEqual([
    {
      id: "m1",
      metric: {
        namespace: "AWS/RDS",
        name: "CPUUtilization",
        dimensions: { DBInstanceIdentifier: "db" },
      },
      statistic: "p99",
      periodSeconds: 300,
      evaluated: true,
    },
    {
      id: "band",
      label: "expected",
      expression: "ANOMALY_DETECTION_BAND(m1, 2)",
      evaluated: false,
    },
  ]);
});

test("a PromQL alarm shows its query", () => {
  const EvaluationCriteria = { PromQLCriteria: { Query: "up == 0" } };
  expect(metricAlarm({ ...common, EvaluationCriteria }).queries).toEqual([
    { id: "promql", expression: "up == 0", evaluated: true },
  ]);
});

test.each([
  ["Alarm", "deploying"],
  ["WaitPeriod", "deploying (waiting for it)"],
  ["ExtensionPeriod", "deploying (for a while after it)"],
] as const)("a composite held back by %s says so", (ActionsSuppressedBy, suppressedBy) => {
  expect(
    compositeAlarm({ ...common, ActionsSuppressor: "deploying", ActionsSuppressedBy }),
  ).toMatchObject({ kind: "composite", suppressedBy });
  expect(compositeAlarm({ ...common, ActionsSuppressor: "deploying" })).not.toHaveProperty(
    "suppressedBy",
  );
});

test("a log alarm names its groups, whatever account they are in", () => {
  const arn = "arn:aws:logs:eu-west-1:123456789012:log-group:/data/other:*";
  const alarm = logAlarm({
    ...common,
    QueryResultsToEvaluate: 5,
    QueryResultsToAlarm: 3,
    ScheduledQueryConfiguration: {
      QueryString: "filter @message like 'x'",
      LogGroupIdentifiers: ["/data/etl", arn],
      ScheduledQueryRoleARN: "arn:aws:iam::123456789012:role/r",
      ScheduleConfiguration: { ScheduleExpression: "rate(1 minute)", StartTimeOffset: 300 },
      AggregationExpression: "count(*)",
    },
  });
  expect(alarm).toMatchObject({
    kind: "log",
    logQuery: "filter @message like 'x'",
    logGroups: ["/data/etl", "/data/other"],
    evaluationPeriods: 5,
    datapointsToAlarm: 3,
  });
});

test("history data that is not JSON loses the states and nothing else", () => {
  const item = { Timestamp: changed, HistorySummary: "Alarm updated from OK to ALARM" };
  const HistoryData = '{"oldState":{"stateValue":"OK"},"newState":{"stateValue":"ALARM"}}';
  const event = { at: changed, kind: "state", summary: item.HistorySummary };
  expect(alarmEvent({ ...item, HistoryItemType: "StateUpdate", HistoryData })).toEqual([
    { ...event, from: "OK", to: "ALARM" },
  ]);
  expect(
    alarmEvent({ ...item, HistoryItemType: "StateUpdate", HistoryData: '{"oldState":{"st' }),
  ).toEqual([event]);
});

test("what happens to one contributor is not the alarm's history", () => {
  expect(alarmEvent({ Timestamp: changed, HistoryItemType: "AlarmContributorAction" })).toEqual([]);
});
