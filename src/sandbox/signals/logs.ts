import type { LogEvent } from "#domain/logs/event.ts";
import { parseFilterPattern } from "#domain/logs/filter-pattern.ts";
import type { LineTest } from "#domain/logs/pattern-text.ts";
import { DAY, MINUTE } from "#domain/window.ts";
import { OpsError } from "#errors.ts";
import type { LogAnswer, LogQuery, Logs } from "#ports/logs.ts";
import { sameMetric } from "./metrics.ts";
import { type LogSource, type MetricSource, type Signals, watchedBy } from "./source.ts";

/** Lines that one page of an answer scans, and pages that one search may take. */
const PAGE = { lines: 10_000, most: 30 };

export function simulatedLogs(signals: () => Signals, now: () => number): Logs {
  return {
    async filter(query, signal) {
      signal.throwIfAborted();
      const source = signals().logs.find(({ group }) => group === query.group);
      if (!source) throw noGroup(query.group);
      return search(source, query, parseFilterPattern(query.pattern), now());
    },
    async groups({ pattern = "", limit }, signal) {
      signal.throwIfAborted();
      const wanted = signals().logs.filter(({ group }) => matchesName(group, pattern));
      return wanted
        .map(({ group, retentionDays }) => ({ name: group, retentionDays }))
        .toSorted((a, b) => (a.name < b.name ? -1 : 1))
        .slice(0, limit);
    },
    async metricFilters(metric, signal) {
      signal.throwIfAborted();
      return signals()
        .filters.filter(
          (one) => one.metric.namespace === metric.namespace && one.metric.name === metric.name,
        )
        .map(({ logGroup, pattern }) => ({ logGroup, pattern }));
    },
  };
}

/** The metrics that metric filters feed: per minute, the number of matching lines. */
export function countedMetrics(signals: Signals): readonly MetricSource[] {
  const fed = signals.filters.map(({ metric }) => metric);
  const distinct = fed.filter((id, i) => fed.findIndex((other) => sameMetric(other, id)) === i);
  return distinct.map((id) => {
    const counts = signals.filters
      .filter(({ metric }) => sameMetric(metric, id))
      .map(({ logGroup, pattern }) => lineCount(signals.logs, logGroup, pattern));
    return {
      ...id,
      unit: "Count",
      minute(start) {
        const matched = counts.reduce((sum, count) => sum + count(start), 0);
        return matched === 0 ? undefined : { values: [1], count: matched };
      },
    };
  });
}

/** The counts that log alarms watch: 0 in a minute without matching lines. */
export function alarmCounts({ alarms, logs }: Signals): readonly MetricSource[] {
  return alarms
    .filter((spec) => spec.kind === "log")
    .map((spec) => {
      const counts = spec.groups.map((group) => lineCount(logs, group, spec.pattern));
      return {
        ...watchedBy(spec),
        unit: "Count",
        minute: (start) => ({
          values: [1],
          count: counts.reduce((sum, count) => sum + count(start), 0),
        }),
      };
    });
}

/** Counts the lines of a group that match, in the minute that begins then. */
export function lineCount(
  logs: readonly LogSource[],
  group: string,
  pattern: string,
): (start: number) => number {
  const test = parseFilterPattern(pattern);
  const source = logs.find((one) => one.group === group);
  return (start) => source?.minute(start).filter(({ message }) => test(message)).length ?? 0;
}

function search(source: LogSource, query: LogQuery, test: LineTest, now: number): LogAnswer {
  const start = Math.max(query.window.start.getTime(), now - source.retentionDays * DAY);
  const end = Math.min(query.window.end.getTime(), now + 1);
  const events: LogEvent[] = [];
  let scanned = 0;
  for (
    let minute = Math.floor((end - 1) / MINUTE) * MINUTE;
    minute > start - MINUTE;
    minute -= MINUTE
  ) {
    const lines = source
      .minute(minute)
      .filter(({ at }) => at.getTime() >= start && at.getTime() < end);
    scanned += lines.length;
    events.push(...lines.filter((line) => test(line.message)).toReversed());
    if (events.length > query.limit || scanned >= PAGE.lines * PAGE.most) {
      return { events: events.slice(0, query.limit), complete: false, pages: pagesOf(scanned) };
    }
  }
  return { events, complete: true, pages: pagesOf(scanned) };
}

function pagesOf(lines: number): number {
  return 1 + Math.floor(lines / PAGE.lines);
}

/** As the service's own search for names: part of the name, without regard to case. */
function matchesName(group: string, pattern: string): boolean {
  return group.toLowerCase().includes(pattern.toLowerCase());
}

function noGroup(group: string): OpsError {
  return new OpsError(
    "not_found",
    `No log group ${JSON.stringify(group)}.`,
    "List the groups, or take the group that an alarm names.",
  );
}
