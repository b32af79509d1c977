import type {
  CloudWatch,
  Datapoint,
  GetMetricStatisticsInput,
  Statistic,
} from "@aws-sdk/client-cloudwatch";
import type { MetricId } from "#domain/alarms/alarm.ts";
import type { Point } from "#domain/metrics/series.ts";
import { SECOND, shift, type TimeWindow } from "#domain/window.ts";
import type { MetricQuery, Metrics } from "#ports/metrics.ts";
import { metricId } from "./alarm.ts";
import { type Connection, type IamAction, toCloudWatch } from "./connection.ts";
import { eachOf } from "./pages.ts";

/** What each method asks of IAM. */
export const metricsPermissions = {
  statistics: ["cloudwatch:GetMetricStatistics"],
  find: ["cloudwatch:ListMetrics"],
} as const satisfies Record<keyof Metrics, readonly IamAction[]>;

/** The most points that one GetMetricStatistics answers; more is an error, not a cut. */
const MOST_POINTS = 1440;

/**
 * CloudWatch metrics of one region. Of the two ways to read them, GetMetricStatistics tells the unit,
 * is not billed per metric, and takes all statistics at once.
 */
export function cloudWatchMetrics(region: string): Metrics {
  const cloudWatch = toCloudWatch(region);
  return {
    async statistics(query, signal) {
      const answers = await eachOf(requests(query), 4, (request) =>
        points(cloudWatch, request, signal),
      );
      const unit = commonUnit(answers.flat());
      const found = answers.flat().filter((point) => point.Unit === unit);
      return {
        unit: unit ?? "None",
        series: query.statistics.map((statistic) => ({
          statistic,
          points: seriesOf(found, statistic),
        })),
      };
    },
    async find({ namespace, name }, signal) {
      const page = await cloudWatch.send("cloudwatch:ListMetrics", signal, (client, options) =>
        client.listMetrics({ Namespace: namespace, MetricName: name }, options),
      );
      return (page.Metrics ?? []).map(metricId);
    },
  };
}

async function points(
  cloudWatch: Connection<CloudWatch>,
  request: GetMetricStatisticsInput,
  signal: AbortSignal,
): Promise<readonly Datapoint[]> {
  const answer = await cloudWatch.send(
    "cloudwatch:GetMetricStatistics",
    signal,
    (client, options) => client.getMetricStatistics(request, options),
  );
  return answer.Datapoints ?? [];
}

/** One request per stretch of 1,440 points, and apart for percentiles: CloudWatch takes one sort at a time. */
function requests(query: MetricQuery): readonly GetMetricStatisticsInput[] {
  const plain = query.statistics.filter(isPlain);
  const percentiles = query.statistics.filter((name) => !isPlain(name));
  return stretches(query.window, query.periodSeconds).flatMap(({ start, end }) => {
    const request = { ...metric(query), StartTime: start, EndTime: end };
    return [
      ...(plain.length > 0 ? [{ ...request, Statistics: plain }] : []),
      ...(percentiles.length > 0 ? [{ ...request, ExtendedStatistics: percentiles }] : []),
    ];
  });
}

function metric({ namespace, name, dimensions, periodSeconds }: MetricQuery & MetricId) {
  return {
    Namespace: namespace,
    MetricName: name,
    Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })),
    Period: periodSeconds,
  };
}

function stretches({ start, end }: TimeWindow, periodSeconds: number): readonly TimeWindow[] {
  const length = MOST_POINTS * periodSeconds * SECOND;
  const many = Math.ceil((end.getTime() - start.getTime()) / length);
  return Array.from({ length: many }, (_, i) => ({
    start: shift(start, i * length),
    end: new Date(Math.min(shift(start, (i + 1) * length).getTime(), end.getTime())),
  }));
}

function isPlain(statistic: string): statistic is Statistic {
  return ["Average", "Sum", "Minimum", "Maximum", "SampleCount"].includes(statistic);
}

/** A metric may have been written with several units; each unit is a series of its own. The fullest counts. */
function commonUnit(found: readonly Datapoint[]): Datapoint["Unit"] {
  const counts = Map.groupBy(found, ({ Unit }) => Unit);
  return [...counts].sort(([, a], [, b]) => b.length - a.length)[0]?.[0];
}

function seriesOf(found: readonly Datapoint[], statistic: string): readonly Point[] {
  return found
    .flatMap((point) => {
      const value = isPlain(statistic) ? point[statistic] : point.ExtendedStatistics?.[statistic];
      return value === undefined || !point.Timestamp ? [] : [{ at: point.Timestamp, value }];
    })
    .sort((a, b) => a.at.getTime() - b.at.getTime());
}
