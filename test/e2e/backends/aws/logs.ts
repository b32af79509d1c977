import type { CloudWatchLogs } from "@aws-sdk/client-cloudwatch-logs";
import type { Alarm } from "#domain/alarms/alarm.ts";
import type { LogEvent } from "#domain/logs/event.ts";
import type { TimeWindow } from "#domain/window.ts";
import type { Logs } from "#ports/logs.ts";

const signal = new AbortController().signal;
/** The most events that one request takes. */
const MOST_EVENTS = 10_000;

/** Copies all log groups with their lines of the window, and the filters that feed the alarms' metrics. */
export async function writeLogs(
  to: CloudWatchLogs,
  from: Logs,
  alarms: readonly Alarm[],
  window: TimeWindow,
): Promise<void> {
  for (const { name, retentionDays } of await from.groups({ limit: 50 }, signal)) {
    const query = { group: name, pattern: "", window, limit: 10 * MOST_EVENTS };
    const { events } = await from.filter(query, signal);
    await to.createLogGroup({ logGroupName: name });
    await to.putRetentionPolicy({ logGroupName: name, retentionInDays: retentionDays });
    await putLines(to, name, events.toReversed());
  }
  for (const alarm of alarms) await putFilters(to, from, alarm);
}

/** Lines in order of time. */
async function putLines(to: CloudWatchLogs, logGroupName: string, lines: readonly LogEvent[]) {
  for (const [logStreamName, events] of Map.groupBy(lines, ({ stream }) => stream)) {
    await to.createLogStream({ logGroupName, logStreamName });
    for (let i = 0; i < events.length; i += MOST_EVENTS) {
      const logEvents = events
        .slice(i, i + MOST_EVENTS)
        .map(({ at, message }) => ({ timestamp: at.getTime(), message }));
      await to.putLogEvents({ logGroupName, logStreamName, logEvents });
    }
  }
}

async function putFilters(to: CloudWatchLogs, from: Logs, alarm: Alarm): Promise<void> {
  for (const { metric } of alarm.queries) {
    const feeding = metric ? await from.metricFilters(metric, signal) : [];
    for (const { logGroup, pattern } of feeding) {
      await to.putMetricFilter({
        logGroupName: logGroup,
        filterName: `for ${metric?.name}`,
        filterPattern: pattern,
        metricTransformations: [
          { metricNamespace: metric?.namespace, metricName: metric?.name, metricValue: "1" },
        ],
      });
    }
  }
}
