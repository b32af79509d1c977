import type {
  CompositeAlarm,
  Dimension,
  LogAlarm,
  MetricAlarm,
  MetricDataQuery,
} from "@aws-sdk/client-cloudwatch";
import type { Alarm, AlarmQuery, MetricId } from "#domain/alarms/alarm.ts";
import { defined } from "./defined.ts";

/** A metric alarm as CloudWatch describes it: on one metric, on metric math, or on PromQL. */
export function metricAlarm(from: MetricAlarm): Alarm {
  return {
    ...common(from),
    kind: "metric",
    queries: queries(from),
    ...defined({
      evaluation: from.EvaluationState,
      threshold: from.Threshold,
      comparison: from.ComparisonOperator,
      evaluationPeriods: from.EvaluationPeriods,
      datapointsToAlarm: from.DatapointsToAlarm,
      treatMissingData: from.TreatMissingData,
    }),
  };
}

export function compositeAlarm(from: CompositeAlarm): Alarm {
  return {
    ...common(from),
    kind: "composite",
    queries: [],
    ...defined({ rule: from.AlarmRule, suppressedBy: suppressor(from) }),
  };
}

/** A log alarm: a scheduled query whose results are compared with the threshold. */
export function logAlarm(from: LogAlarm): Alarm {
  const query = from.ScheduledQueryConfiguration;
  return {
    ...common(from),
    kind: "log",
    queries: [],
    ...defined({
      evaluation: from.EvaluationState,
      threshold: from.Threshold,
      comparison: from.ComparisonOperator,
      evaluationPeriods: from.QueryResultsToEvaluate,
      datapointsToAlarm: from.QueryResultsToAlarm,
      treatMissingData: from.TreatMissingData,
      logQuery: query?.QueryString,
      logGroups: query?.LogGroupIdentifiers?.map(groupName),
    }),
  };
}

function common(from: MetricAlarm | CompositeAlarm | LogAlarm) {
  return {
    name: from.AlarmName ?? "",
    state: from.StateValue ?? "INSUFFICIENT_DATA",
    stateReason: from.StateReason ?? "",
    since: from.StateTransitionedTimestamp ?? from.StateUpdatedTimestamp ?? new Date(0),
    actionsEnabled: from.ActionsEnabled ?? true,
    ...defined({ arn: from.AlarmArn, description: from.AlarmDescription }),
  };
}

function queries(from: MetricAlarm): readonly AlarmQuery[] {
  const promql = from.EvaluationCriteria?.PromQLCriteria?.Query;
  if (promql !== undefined) return [{ id: "promql", expression: promql, evaluated: true }];
  if (from.Metrics?.length) return from.Metrics.map((query) => alarmQuery(query, from));
  return [
    {
      id: "m1",
      metric: metricId(from),
      evaluated: true,
      ...defined({
        statistic: from.Statistic ?? from.ExtendedStatistic,
        periodSeconds: from.Period,
      }),
    },
  ];
}

/** The entry that `ThresholdMetricId` names is the band; the other returned one is compared with it. */
function alarmQuery(from: MetricDataQuery, alarm: MetricAlarm): AlarmQuery {
  const id = from.Id ?? "";
  const stat = from.MetricStat;
  return {
    id,
    evaluated: from.ReturnData !== false && id !== alarm.ThresholdMetricId,
    ...defined({
      label: from.Label,
      expression: from.Expression,
      metric: stat?.Metric && metricId(stat.Metric),
      statistic: stat?.Stat,
      periodSeconds: stat?.Period ?? from.Period,
    }),
  };
}

interface SdkMetric {
  readonly Namespace?: string | undefined;
  readonly MetricName?: string | undefined;
  readonly Dimensions?: readonly Dimension[] | undefined;
}

export function metricId({
  Namespace = "",
  MetricName = "",
  Dimensions = [],
}: SdkMetric): MetricId {
  const pairs = Dimensions.map(({ Name = "", Value = "" }) => [Name, Value]);
  return { namespace: Namespace, name: MetricName, dimensions: Object.fromEntries(pairs) };
}

function suppressor(from: CompositeAlarm): string | undefined {
  const by = from.ActionsSuppressedBy;
  const name = from.ActionsSuppressor ?? "another alarm";
  if (by === "WaitPeriod") return `${name} (waiting for it)`;
  if (by === "ExtensionPeriod") return `${name} (for a while after it)`;
  return by === undefined ? undefined : name;
}

/** Groups of other accounts come as ARNs. */
function groupName(identifier: string): string {
  return /^arn:[^:]+:logs:[^:]*:[^:]*:log-group:([^:]+)/.exec(identifier)?.[1] ?? identifier;
}
