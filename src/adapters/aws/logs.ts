import type {
  CloudWatchLogs,
  FilteredLogEvent,
  FilterLogEventsRequest,
} from "@aws-sdk/client-cloudwatch-logs";
import type { LogEvent, LogGroup, MetricFilter } from "#domain/logs/event.ts";
import { OpsError } from "#errors.ts";
import type { LogAnswer, LogQuery, Logs } from "#ports/logs.ts";
import { type Connection, type IamAction, toLogs } from "./connection.ts";
import { defined } from "./defined.ts";
import { allPages, type Page } from "./pages.ts";

/** What each method asks of IAM. */
export const logsPermissions = {
  filter: ["logs:FilterLogEvents"],
  groups: ["logs:DescribeLogGroups"],
  metricFilters: ["logs:DescribeMetricFilters"],
} as const satisfies Record<keyof Logs, readonly IamAction[]>;

/** Pages of one search. Each is up to 1 MB or 10,000 events read, and may match nothing. */
const PAGE_BUDGET = 40;
/** The most events that one request answers. */
const MOST_EVENTS = 10_000;
/** CloudWatch reads newest first only when the window begins here or later. */
const NEWEST_FIRST_SINCE = Date.UTC(2024, 0, 1);

/** What names of groups are made of; nothing else can be a part of one. */
const GROUP_NAME_PART = /^[\w./#-]{0,512}$/;
/** No metric filter feeds a metric with one of these in its names. */
const NOT_FED = /[:*$]/;

/** CloudWatch Logs of one region. */
export function cloudWatchLogs(region: string): Logs {
  const logs = toLogs(region);
  return {
    filter: (query, signal) => search(logs, query, signal),
    async groups({ pattern = "", limit }, signal) {
      return GROUP_NAME_PART.test(pattern) ? groupsLike(logs, { pattern, limit }, signal) : [];
    },
    async metricFilters({ namespace, name }, signal) {
      const fed = !NOT_FED.test(namespace + name);
      return fed ? filtersFor(logs, { namespace, name }, signal) : [];
    },
  };
}

async function groupsLike(
  logs: Connection<CloudWatchLogs>,
  { pattern, limit }: { readonly pattern: string; readonly limit: number },
  signal: AbortSignal,
): Promise<readonly LogGroup[]> {
  const request = { limit: Math.min(limit, 50), ...(pattern && { logGroupNamePattern: pattern }) };
  const found = await upTo(limit, async (nextToken) => {
    const page = await logs.send("logs:DescribeLogGroups", signal, (client, options) =>
      client.describeLogGroups({ ...request, nextToken }, options),
    );
    return { items: page.logGroups, next: page.nextToken };
  });
  return found.map((group) => ({
    name: group.logGroupName ?? "",
    ...defined({ storedBytes: group.storedBytes, retentionDays: group.retentionInDays }),
  }));
}

async function filtersFor(
  logs: Connection<CloudWatchLogs>,
  metric: { readonly namespace: string; readonly name: string },
  signal: AbortSignal,
): Promise<readonly MetricFilter[]> {
  const request = { metricNamespace: metric.namespace, metricName: metric.name };
  const found = await allPages(async (nextToken) => {
    const page = await logs.send("logs:DescribeMetricFilters", signal, (client, options) =>
      client.describeMetricFilters({ ...request, nextToken }, options),
    );
    return { items: page.metricFilters, next: page.nextToken };
  });
  return found.map(({ logGroupName = "", filterPattern = "" }) => ({
    logGroup: logGroupName,
    pattern: filterPattern,
  }));
}

async function search(
  logs: Connection<CloudWatchLogs>,
  query: LogQuery,
  signal: AbortSignal,
): Promise<LogAnswer> {
  const newestFirst = query.window.start.getTime() >= NEWEST_FIRST_SINCE;
  let kept: readonly LogEvent[] = [];
  let nextToken: string | undefined;
  let pages = 0;
  do {
    const limit = newestFirst ? query.limit - kept.length : MOST_EVENTS;
    const page = await filterPage(
      logs,
      { ...request(query, newestFirst, limit), nextToken },
      signal,
    );
    kept = newest([...kept, ...(page.items ?? []).map(logEvent)], query.limit);
    nextToken = page.next;
    pages += 1;
  } while (nextToken && pages < PAGE_BUDGET && !(newestFirst && kept.length >= query.limit));
  return { events: kept, complete: !nextToken, pages };
}

/** CloudWatch's `endTime` is inclusive, ours is not. */
function request(query: LogQuery, newestFirst: boolean, limit: number): FilterLogEventsRequest {
  return {
    logGroupName: query.group,
    startTime: query.window.start.getTime(),
    endTime: query.window.end.getTime() - 1,
    startFromHead: !newestFirst,
    limit: Math.min(limit, MOST_EVENTS),
    ...(query.pattern === "" ? {} : { filterPattern: query.pattern }),
  };
}

async function filterPage(
  logs: Connection<CloudWatchLogs>,
  input: FilterLogEventsRequest,
  signal: AbortSignal,
): Promise<Page<FilteredLogEvent>> {
  try {
    const page = await logs.send("logs:FilterLogEvents", signal, (client, options) =>
      client.filterLogEvents(input, options),
    );
    return { items: page.events, next: page.nextToken };
  } catch (error) {
    throw explained(error, input, logs.region);
  }
}

function explained(error: unknown, input: FilterLogEventsRequest, region: string): unknown {
  if (!(error instanceof OpsError)) return error;
  if (error.code === "not_found") {
    return new OpsError(
      "not_found",
      `There is no log group ${JSON.stringify(input.logGroupName)} in ${region}.`,
      "Check the name and the region.",
    );
  }
  const named = /logGroup(Name|Identifier)/.test(error.message);
  if (error.code === "invalid_input" && input.filterPattern !== undefined && !named) {
    return new OpsError(
      "invalid_input",
      error.message,
      'Filter patterns are terms (ERROR), phrases ("pool exhausted"), alternatives (?ERROR ?FATAL) or JSON ({ $.level = "ERROR" }).',
    );
  }
  return error;
}

function logEvent({ timestamp = 0, logStreamName = "", message = "" }: FilteredLogEvent): LogEvent {
  return { at: new Date(timestamp), stream: logStreamName, message };
}

function newest(events: readonly LogEvent[], limit: number): readonly LogEvent[] {
  return events.toSorted((a, b) => b.at.getTime() - a.at.getTime()).slice(0, limit);
}

/** The first `limit` items of a paged list. */
async function upTo<Item>(
  limit: number,
  read: (token: string | undefined) => Promise<Page<Item>>,
): Promise<readonly Item[]> {
  let many = 0;
  const found = await allPages(async (token) => {
    const page = await read(token);
    many += page.items?.length ?? 0;
    return many < limit ? page : { ...page, next: undefined };
  });
  return found.slice(0, limit);
}
