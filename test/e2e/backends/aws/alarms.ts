import type { CloudWatch, ComparisonOperator } from "@aws-sdk/client-cloudwatch";
import type { Alarm, MuteRule } from "#domain/alarms/alarm.ts";
import { MINUTE, shift } from "#domain/window.ts";

/** Puts alarms and mute rules. Their states are set apart. */
export function alarmWriter(to: CloudWatch, now: Date) {
  return {
    async alarm(alarm: Alarm): Promise<void> {
      if (alarm.kind === "metric") await to.putMetricAlarm({ ...judged(alarm), ...metric(alarm) });
      if (alarm.kind === "log") await to.putLogAlarm({ ...judged(alarm), ...logQuery(alarm) });
      if (alarm.kind === "composite") {
        await to.putCompositeAlarm({ ...common(alarm), AlarmRule: alarm.rule });
      }
    },
    async mutes(rules: readonly MuteRule[]): Promise<void> {
      for (const rule of rules) await to.putAlarmMuteRule(mute(rule, now));
    },
  };
}

function common(alarm: Alarm) {
  return {
    AlarmName: alarm.name,
    AlarmDescription: alarm.description,
    ActionsEnabled: alarm.actionsEnabled,
  };
}

function judged(alarm: Alarm) {
  return {
    ...common(alarm),
    Threshold: alarm.threshold,
    ComparisonOperator: comparison(alarm.comparison),
    TreatMissingData: alarm.treatMissingData,
  };
}

function metric(alarm: Alarm) {
  const [query] = alarm.queries;
  const { namespace, name, dimensions = {} } = query?.metric ?? {};
  return {
    Namespace: namespace,
    MetricName: name,
    Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
    ...statistic(query?.statistic ?? "Average"),
    Period: query?.periodSeconds,
    EvaluationPeriods: alarm.evaluationPeriods,
    DatapointsToAlarm: alarm.datapointsToAlarm,
  };
}

function logQuery(alarm: Alarm) {
  return {
    ScheduledQueryConfiguration: {
      QueryString: alarm.logQuery,
      LogGroupIdentifiers: [...(alarm.logGroups ?? [])],
      ScheduledQueryRoleARN: "arn:aws:iam::123456789012:role/log-alarms",
      ScheduleConfiguration: { ScheduleExpression: "rate(5 minutes)", StartTimeOffset: 300 },
      AggregationExpression: "count(*)",
    },
    QueryResultsToEvaluate: alarm.evaluationPeriods,
    QueryResultsToAlarm: alarm.datapointsToAlarm,
  };
}

/** A rule of once that began a minute ago, or begins in an hour, and lasts as long as it should. */
function mute({ name, alarms, active, until }: MuteRule, now: Date) {
  const start = shift(now, active ? -MINUTE : 60 * MINUTE);
  const end = until ?? shift(start, 120 * MINUTE);
  const minutes = Math.max(1, Math.ceil((end.getTime() - start.getTime()) / MINUTE));
  const Expression = `at(${start.toISOString().slice(0, 16)})`;
  return {
    Name: name,
    MuteTargets: { AlarmNames: [...alarms] },
    Rule: { Schedule: { Expression, Duration: `PT${minutes}M` } },
  };
}

function statistic(name: string) {
  return isPlain(name) ? { Statistic: name } : { ExtendedStatistic: name };
}

function isPlain(name: string): name is "Average" | "Sum" | "Minimum" | "Maximum" | "SampleCount" {
  return ["Average", "Sum", "Minimum", "Maximum", "SampleCount"].includes(name);
}

function comparison(name: string | undefined): ComparisonOperator {
  const known = [
    "GreaterThanThreshold",
    "GreaterThanOrEqualToThreshold",
    "LessThanThreshold",
    "LessThanOrEqualToThreshold",
  ] as const;
  const found = known.find((one) => one === name);
  if (found === undefined) throw new Error(`No alarm compares by ${name}.`);
  return found;
}
