import type { CloudWatch, DescribeAlarmsInput } from "@aws-sdk/client-cloudwatch";
import type { Alarm, AlarmEvent, AlarmKind } from "#domain/alarms/alarm.ts";
import type { TimeWindow } from "#domain/window.ts";
import type { AlarmFilter, Alarms } from "#ports/alarms.ts";
import { compositeAlarm, logAlarm, metricAlarm } from "./alarm.ts";
import { alarmEvent } from "./alarm-event.ts";
import { type Connection, type IamAction, toCloudWatch } from "./connection.ts";
import { defined } from "./defined.ts";
import { muteRules } from "./mutes.ts";
import { allPages, chunks } from "./pages.ts";

/** What each method asks of IAM. */
export const alarmsPermissions = {
  list: ["cloudwatch:DescribeAlarms"],
  history: ["cloudwatch:DescribeAlarmHistory"],
  mutes: ["cloudwatch:ListAlarmMuteRules", "cloudwatch:GetAlarmMuteRule"],
  consoleUrl: [],
} as const satisfies Record<keyof Alarms, readonly IamAction[]>;

/** Without `AlarmTypes` CloudWatch answers metric alarms alone. */
const types = { metric: "MetricAlarm", composite: "CompositeAlarm", log: "LogAlarm" } as const;
const allKinds = ["metric", "composite", "log"] as const satisfies readonly AlarmKind[];

/** The most that one request takes, of names and of records. */
const PAGE = 100;

/** CloudWatch alarms of one region. */
export function cloudWatchAlarms(region: string): Alarms {
  const cloudWatch = toCloudWatch(region);
  return {
    async list(filter, signal) {
      const found: Alarm[] = [];
      for (const request of requests(filter)) {
        found.push(...(await describe(cloudWatch, request, signal)));
      }
      const { states } = filter.names ? {} : filter;
      return states ? found.filter(({ state }) => states.includes(state)) : found;
    },
    history: (alarm, window, signal) => historyOf(cloudWatch, alarm, window, signal),
    mutes: (signal) => muteRules(cloudWatch, signal),
    consoleUrl: (alarm) =>
      `https://${consoleHost(region)}/cloudwatch/home?region=${region}#alarmsV2:alarm/${encodeURIComponent(alarm)}`,
  };
}

/** Names go a hundred at a time; of several states CloudWatch filters none. */
function requests(filter: AlarmFilter): readonly DescribeAlarmsInput[] {
  if (filter.names) {
    return chunks(filter.names, PAGE).map((names) => ({
      AlarmNames: [...names],
      AlarmTypes: typesOf(allKinds),
      MaxRecords: PAGE,
    }));
  }
  const [state, ...others] = filter.states ?? [];
  return [
    defined({
      AlarmTypes: typesOf(filter.kinds ?? allKinds),
      AlarmNamePrefix: filter.namePrefix,
      StateValue: others.length === 0 ? state : undefined,
      MaxRecords: PAGE,
    }),
  ];
}

const typesOf = (kinds: readonly AlarmKind[]) => kinds.map((kind) => types[kind]);

function describe(
  cloudWatch: Connection<CloudWatch>,
  request: DescribeAlarmsInput,
  signal: AbortSignal,
): Promise<readonly Alarm[]> {
  return allPages(async (NextToken) => {
    const page = await cloudWatch.send("cloudwatch:DescribeAlarms", signal, (client, options) =>
      client.describeAlarms({ ...request, NextToken }, options),
    );
    return {
      items: [
        ...(page.MetricAlarms ?? []).map(metricAlarm),
        ...(page.CompositeAlarms ?? []).map(compositeAlarm),
        ...(page.LogAlarms ?? []).map(logAlarm),
      ],
      next: page.NextToken,
    };
  });
}

async function historyOf(
  cloudWatch: Connection<CloudWatch>,
  alarm: string,
  window: TimeWindow,
  signal: AbortSignal,
): Promise<readonly AlarmEvent[]> {
  const request = {
    AlarmName: alarm,
    AlarmTypes: typesOf(allKinds),
    StartDate: window.start,
    EndDate: window.end,
    ScanBy: "TimestampDescending",
    MaxRecords: PAGE,
  } as const;
  const items = await allPages(async (NextToken) => {
    const page = await cloudWatch.send(
      "cloudwatch:DescribeAlarmHistory",
      signal,
      (client, options) => client.describeAlarmHistory({ ...request, NextToken }, options),
    );
    return { items: page.AlarmHistoryItems, next: page.NextToken };
  });
  return items.flatMap(alarmEvent).filter(({ at }) => at < window.end);
}

function consoleHost(region: string): string {
  if (region.startsWith("cn-")) return "console.amazonaws.cn";
  if (region.startsWith("us-gov-")) return "console.amazonaws-us-gov.com";
  return `${region}.console.aws.amazon.com`;
}
