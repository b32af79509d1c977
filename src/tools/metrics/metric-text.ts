import { metricText } from "#domain/alarms/watches.ts";
import { count, table } from "#domain/text/table.ts";
import { duration } from "#domain/text/time.ts";
import { SECOND } from "#domain/window.ts";
import type { MetricResult, StatisticRow } from "./metric-answer.ts";

/** The answer for a reader: what moved and when, then the numbers, then the shape. */
export function renderMetric(answer: MetricResult): string {
  if (answer.statistics.length === 0) return emptyText(answer);
  return [
    headline(answer),
    table(
      ["statistic", "min", "median", "p95", "max", "at", "last", "median before", "change"],
      answer.statistics.map(statisticCells),
    ),
    gapsText(answer),
    seriesText(answer),
    `Next: ${answer.next}`,
  ].join("\n\n");
}

function name({ namespace, metric_name, dimensions }: MetricResult): string {
  return metricText({ namespace, name: metric_name, dimensions });
}

function headline(answer: MetricResult): string {
  const moved = answer.statistics.find((row) => row.changed);
  const { start, end } = answer.window;
  const unit = answer.unit === "None" || answer.unit === "" ? "" : `, in ${answer.unit}`;
  return [
    moved?.changed
      ? `${moved.statistic} went from ${moved.changed.before} to ${moved.changed.after} at ${moved.changed.at}.`
      : `No clear change of level${lastText(answer.statistics[0])}.`,
    `${name(answer)} from ${start} to ${end}, every ${duration(answer.period_seconds * SECOND)}${unit}.`,
  ].join(" ");
}

/** A change too young to be called one still shows in the newest value. */
function lastText(row: StatisticRow | undefined): string {
  if (!row || row.min === row.max) return "";
  if (row.last === row.max) return `, but the newest value, ${row.last}, is the highest`;
  return row.last === row.min ? `, but the newest value, ${row.last}, is the lowest` : "";
}

function statisticCells(row: StatisticRow): string[] {
  const { baseline } = row;
  const numbers = [row.min, row.median, row.p95, row.max].map(String);
  const before = baseline ? String(baseline.median) : "no data";
  return [row.statistic, ...numbers, row.max_at, String(row.last), before, changeText(baseline)];
}

function changeText(baseline: StatisticRow["baseline"]): string {
  if (!baseline) return "";
  const { difference, ratio } = baseline;
  const signed = difference > 0 ? `+${difference}` : String(difference);
  return ratio === undefined ? signed : `${signed} (×${ratio})`;
}

function gapsText({ gaps, period_seconds }: MetricResult): string {
  const every = gaps.published_every_seconds;
  const cadence =
    every > period_seconds ? `It has a point every ${duration(every * SECOND)}. ` : "";
  if (gaps.missing_points === 0) return `${cadence}No gaps.`;
  const stretches = gaps.stretches.map(({ start, end }) => `${start} to ${end}`).join(", ");
  const more = gaps.stretches_left_out === 0 ? "" : ` and ${gaps.stretches_left_out} earlier`;
  return `${cadence}No data (which is not zero) for ${count(gaps.missing_points, "point")}: ${stretches}${more}.`;
}

function seriesText({ series, statistics, points_left_out: rest }: MetricResult): string {
  const rows = series.map(({ at, values }) => [
    at,
    ...values.map((value) => value?.toString() ?? ""),
  ]);
  const note =
    rest === 0 ? "" : `\n${count(rest, "point")} left out, extremes kept: all_points shows all.`;
  return `${table(["at", ...statistics.map(({ statistic }) => statistic)], rows)}${note}`;
}

function emptyText(answer: MetricResult): string {
  const { start, end } = answer.window;
  const similar = answer.similar.map(({ metric_name, dimensions, differs }) => {
    const metric = metricText({ namespace: answer.namespace, name: metric_name, dimensions });
    return `- ${metric}: ${differs === "" ? "this very metric" : differs}`;
  });
  return [
    `No data for ${name(answer)} from ${start} to ${end}.`,
    ...(similar.length === 0 ? [] : [`Metrics like it:\n${similar.join("\n")}`]),
    `Next: ${answer.next}`,
  ].join("\n\n");
}
