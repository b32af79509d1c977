import { isoSeconds } from "#domain/text/time.ts";
import { HOUR } from "#domain/window.ts";
import { type Alarm, type MetricAnswer, metricAnswer } from "./answers.ts";
import type { Symptom } from "./case.ts";
import { clockTime, figure, sparkline } from "./figures.ts";
import type { Guide } from "./guide.ts";
import { type Limit, limitOf } from "./limit.ts";

/** How much of the time before the alarm shows what is usual. */
const BEFORE = HOUR;

/** How the alarm's metric went, and when it changed. */
export async function seeMetric(guide: Guide, alarm: Alarm): Promise<Symptom> {
  await guide.page.heading("Metric");
  const limit = limitOf(alarm.watches);
  const found = await readMetric(guide, alarm, new Date(Date.parse(alarm.since) - BEFORE));
  const first = found?.statistics[0];
  return {
    label: alarm.metric ? `${alarm.metric.namespace} ${alarm.metric.metric_name}` : alarm.name,
    unit: found?.unit ?? "",
    ...(limit ? { limit } : {}),
    onset: first?.changed?.at ?? alarm.since,
    ...(first?.changed ? { before: first.changed.before, after: first.changed.after } : {}),
    ...(first ? { last: first.last } : {}),
  };
}

/** The alarm's metric from a time on: the one statistic that the alarm compares, where its words tell. */
export async function readMetric({ look, page }: Guide, { metric, watches }: Alarm, from: Date) {
  if (metric === undefined) {
    await page.says("The alarm watches no single metric.");
    return undefined;
  }
  const limit = limitOf(watches);
  const args = {
    ...metric,
    ...(limit ? { statistics: [limit.statistic] } : {}),
    start_time: isoSeconds(from),
  };
  return await look("get_metric_statistics", args, metricAnswer, metricLines(limit));
}

function metricLines(limit: Limit | undefined) {
  return ({ statistics, series, unit }: MetricAnswer): readonly string[] => {
    const [first] = statistics;
    if (first === undefined) return ["No data."];
    const { statistic, changed, last, max, max_at } = first;
    const against = limit ? `; it fires when ${limit.operator} ${figure(limit.threshold)}` : "";
    const moved = changed
      ? `${figure(changed.before)} → ${figure(changed.after)} at ${changed.at}; `
      : "";
    return [
      `${sparkline(series.map(({ values }) => values[0] ?? null))}  ${statistic} in ${unit}`,
      `${moved}highest ${figure(max)} at ${clockTime(max_at)}, last ${figure(last)}${against}`,
    ];
  };
}
