import { CloudWatch, type PutMetricAlarmCommandInput } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogs } from "@aws-sdk/client-cloudwatch-logs";
import type { AwsBackend } from "./backend.ts";
import { downstream, type Line, logGroup, namespace, type Sample, story } from "./story.ts";

/** Puts the customer-etl incident into a region, alarms and their history included; it ends at `now`. */
export async function seedIncident(backend: AwsBackend, region: string, now: Date): Promise<void> {
  const { samples, lines, start, end, onset } = story(now);
  const { cloudWatch, logs } = clients(backend, region);
  await putSamples(cloudWatch, samples);
  await putLines(logs, lines);
  await putAlarms(cloudWatch);
  await backend.replayAlarms(region, start, end);
  await backend.setAlarm(region, {
    name: "customer-etl-pool-timeouts",
    state: "ALARM",
    reason: "Threshold Crossed: 3 out of the last 3 query results were greater than 10.",
    at: new Date(onset.getTime() + 5 * 60_000),
  });
  cloudWatch.destroy();
  logs.destroy();
  await backend.forgetCalls(region);
}

/** Clients for putting things into a region of the endpoint. */
export function clients(backend: AwsBackend, region: string) {
  const credentials = { accessKeyId: "firewatch", secretAccessKey: "firewatch" };
  const settings = { region, endpoint: backend.endpoint, credentials };
  return { cloudWatch: new CloudWatch(settings), logs: new CloudWatchLogs(settings) };
}

async function putSamples(cloudWatch: CloudWatch, samples: readonly Sample[]): Promise<void> {
  const mostPerRequest = 1000;
  for (let i = 0; i < samples.length; i += mostPerRequest) {
    await cloudWatch.putMetricData({
      Namespace: namespace,
      MetricData: samples.slice(i, i + mostPerRequest).map((sample) => ({
        MetricName: sample.metric,
        Dimensions: pipeline(sample.pipeline),
        Timestamp: sample.at,
        Value: sample.value,
        Unit: sample.unit,
      })),
    });
  }
}

async function putLines(logs: CloudWatchLogs, lines: readonly Line[]): Promise<void> {
  await logs.createLogGroup({ logGroupName: logGroup });
  await logs.putRetentionPolicy({ logGroupName: logGroup, retentionInDays: 30 });
  for (const [logStreamName, events] of Map.groupBy(lines, ({ stream }) => stream)) {
    const stream = { logGroupName: logGroup, logStreamName };
    await logs.createLogStream(stream);
    const logEvents = events.map(({ timestamp, message }) => ({ timestamp, message }));
    await logs.putLogEvents({ ...stream, logEvents });
  }
  await logs.putMetricFilter({
    logGroupName: logGroup,
    filterName: "error-lines",
    filterPattern: "ERROR",
    metricTransformations: [
      { metricNamespace: namespace, metricName: "ErrorLines", metricValue: "1" },
    ],
  });
}

async function putAlarms(cloudWatch: CloudWatch): Promise<void> {
  const blocked = downstream.map((name) => ({
    ...above("BlockedRuns", name, 0),
    AlarmName: `${name}-blocked`,
  }));
  const failing = {
    ...above("FailureRate", "customer-etl", 10),
    AlarmName: "customer-etl-failure-rate",
    AlarmDescription: "More than a tenth of customer-etl's runs fail.",
  };
  const members = [failing, ...blocked];
  const errors = { ...above("ErrorLines", "customer-etl", 5), AlarmName: "customer-etl-errors" };
  const full = { ...above("ConnectionsInUse", "customer-etl", 200), AlarmName: "customer-db-full" };
  for (const alarm of [...members, errors, full]) await cloudWatch.putMetricAlarm(alarm);
  await putLogAlarm(cloudWatch);
  await cloudWatch.putCompositeAlarm({
    AlarmName: "data-pipelines-degraded",
    AlarmDescription: "Customer data is not being delivered.",
    AlarmRule: members.map(({ AlarmName }) => `ALARM("${AlarmName}")`).join(" OR "),
  });
}

function above(metric: string, name: string, threshold: number) {
  return {
    Namespace: namespace,
    MetricName: metric,
    Dimensions: pipeline(name),
    Statistic: "Average",
    Period: 60,
    EvaluationPeriods: 5,
    DatapointsToAlarm: 3,
    Threshold: threshold,
    ComparisonOperator: "GreaterThanThreshold",
    TreatMissingData: "missing",
  } satisfies Omit<PutMetricAlarmCommandInput, "AlarmName">;
}

async function putLogAlarm(cloudWatch: CloudWatch): Promise<void> {
  await cloudWatch.putLogAlarm({
    AlarmName: "customer-etl-pool-timeouts",
    AlarmDescription: "Runs of customer-etl wait in vain for a database connection.",
    ScheduledQueryConfiguration: {
      QueryString: 'filter @message like "no connection within"',
      LogGroupIdentifiers: [logGroup],
      ScheduledQueryRoleARN: "arn:aws:iam::123456789012:role/log-alarms",
      ScheduleConfiguration: { ScheduleExpression: "rate(1 minute)", StartTimeOffset: 300 },
      AggregationExpression: "count(*)",
    },
    QueryResultsToEvaluate: 3,
    QueryResultsToAlarm: 3,
    Threshold: 10,
    ComparisonOperator: "GreaterThanThreshold",
  });
}

const pipeline = (name: string) => [{ Name: "Pipeline", Value: name }];
