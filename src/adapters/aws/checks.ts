import type { HttpHandlerOptions } from "@smithy/types";
import type { DoctorCheck } from "#domain/doctor.ts";
import { trailing } from "#domain/window.ts";
import { OpsError } from "#errors.ts";
import { type Connection, type IamAction, toCloudWatch, toLogs, toSts } from "./connection.ts";

/** A name that nothing has: to be told so is to be allowed to ask. */
const NOBODY = "firewatch-doctor";

export interface RegionToCheck {
  readonly region: string;
  /** Globs of the log groups that Firewatch may read; permissions may reach no further. */
  readonly logGroups: readonly string[];
}

/** Who we are in a region, then one cheap request for each action that the adapters use. */
export async function checkRegion(
  { region, logGroups }: RegionToCheck,
  now: Date,
  signal: AbortSignal,
): Promise<readonly DoctorCheck[]> {
  const who = await identity(region, signal);
  if (who.status === "failed") return [who];
  const probes = [
    ...cloudWatchProbes(region, now, signal),
    ...logProbes(region, logGroups, signal),
  ];
  return [who, ...(await Promise.all(probes.map((one) => tried(one, region))))];
}

async function identity(region: string, signal: AbortSignal): Promise<DoctorCheck> {
  const subject = `sts:GetCallerIdentity in ${region}`;
  try {
    const { Arn = "an unnamed caller", Account = "unknown" } = await toSts(region).send(
      "sts:GetCallerIdentity",
      signal,
      (client, options) => client.getCallerIdentity({}, options),
    );
    return { subject, status: "ok", detail: `${Arn} in account ${Account}` };
  } catch (error) {
    return failed(subject, error);
  }
}

function cloudWatchProbes(region: string, now: Date, signal: AbortSignal): readonly Probe[] {
  const aws = toCloudWatch(region);
  const metric = { Namespace: NOBODY, MetricName: NOBODY };
  const { start: StartTime, end: EndTime } = trailing(now, 5);
  const query = { ...metric, StartTime, EndTime, Period: 60 };
  return [
    probe(aws, signal, "cloudwatch:DescribeAlarms", (client, options) =>
      client.describeAlarms({ MaxRecords: 1 }, options),
    ),
    probe(aws, signal, "cloudwatch:DescribeAlarmHistory", (client, options) =>
      client.describeAlarmHistory({ MaxRecords: 1 }, options),
    ),
    probe(aws, signal, "cloudwatch:ListAlarmMuteRules", (client, options) =>
      client.listAlarmMuteRules({ MaxRecords: 1 }, options),
    ),
    probe(aws, signal, "cloudwatch:GetAlarmMuteRule", (client, options) =>
      client.getAlarmMuteRule({ AlarmMuteRuleName: NOBODY }, options),
    ),
    probe(aws, signal, "cloudwatch:GetMetricStatistics", (client, options) =>
      client.getMetricStatistics({ ...query, Statistics: ["Sum"] }, options),
    ),
    probe(aws, signal, "cloudwatch:ListMetrics", (client, options) =>
      client.listMetrics(metric, options),
    ),
  ];
}

function logProbes(
  region: string,
  allowed: readonly string[],
  signal: AbortSignal,
): readonly Probe[] {
  const logs = toLogs(region);
  const [prefix] = (allowed[0] ?? "*").split("*");
  const oneGroup = { limit: 1, ...(prefix ? { logGroupNamePrefix: prefix } : {}) };
  return [
    probe(logs, signal, "logs:DescribeLogGroups", (client, options) =>
      client.describeLogGroups(oneGroup, options),
    ),
    probe(logs, signal, "logs:DescribeMetricFilters", (client, options) =>
      client.describeMetricFilters({ limit: 1 }, options),
    ),
    probe(logs, signal, "logs:FilterLogEvents", async (client, options) => {
      const { logGroups = [] } = await client.describeLogGroups(oneGroup, options);
      const logGroupName = logGroups[0]?.logGroupName ?? NOBODY;
      return client.filterLogEvents({ logGroupName, limit: 1 }, options);
    }),
  ];
}

interface Probe {
  readonly action: IamAction;
  run(): Promise<unknown>;
}

function probe<Client>(
  connection: Connection<Client>,
  signal: AbortSignal,
  action: IamAction,
  request: (client: Client, options: HttpHandlerOptions) => Promise<unknown>,
): Probe {
  return { action, run: () => connection.send(action, signal, request) };
}

async function tried({ action, run }: Probe, region: string): Promise<DoctorCheck> {
  const subject = `${action} in ${region}`;
  try {
    await run();
    return { subject, status: "ok", detail: "allowed" };
  } catch (error) {
    if (error instanceof OpsError && error.code === "not_found") {
      return { subject, status: "ok", detail: "allowed" };
    }
    return failed(subject, error);
  }
}

function failed(subject: string, error: unknown): DoctorCheck {
  if (error instanceof OpsError) {
    return { subject, status: "failed", detail: error.message, fix: error.hint };
  }
  throw error;
}
