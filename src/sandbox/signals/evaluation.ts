import type { AlarmState } from "#domain/alarms/alarm.ts";
import { isoSeconds } from "#domain/text/time.ts";
import type { AlarmTest, Comparison } from "./source.ts";

/** One period's value; `undefined` when nothing was recorded in it. */
export interface Datapoint {
  readonly at: number;
  readonly value: number | undefined;
}

export interface Verdict {
  readonly state: AlarmState;
  /** In CloudWatch's own words. */
  reason(): string;
}

const WORDS: Readonly<Record<Comparison, string>> = {
  GreaterThanThreshold: "greater than",
  GreaterThanOrEqualToThreshold: "greater than or equal to",
  LessThanThreshold: "less than",
  LessThanOrEqualToThreshold: "less than or equal to",
};

/** The alarm's state by its newest periods (oldest first), as CloudWatch decides it and words it. */
export function evaluate(
  test: AlarmTest,
  points: readonly Datapoint[],
  before: AlarmState,
): Verdict {
  const known = points.filter((point) => point.value !== undefined);
  if (known.length < points.length && test.treatMissingData === "ignore") {
    return { state: before, reason: () => "Unchanged: missing datapoints are ignored." };
  }
  if (known.length === 0 && test.treatMissingData === "missing") {
    return { state: "INSUFFICIENT_DATA", reason: () => unknownReason(points.length) };
  }
  const alarm = points.filter((p) => breaches(test, p)).length >= test.datapointsToAlarm;
  return { state: alarm ? "ALARM" : "OK", reason: () => reasonOf(test, points, alarm) };
}

function breaches(test: AlarmTest, { value }: Datapoint): boolean {
  return value === undefined
    ? test.treatMissingData === "breaching"
    : compare(test.comparison, value, test.threshold);
}

function compare(comparison: Comparison, value: number, threshold: number): boolean {
  switch (comparison) {
    case "GreaterThanThreshold":
      return value > threshold;
    case "GreaterThanOrEqualToThreshold":
      return value >= threshold;
    case "LessThanThreshold":
      return value < threshold;
    case "LessThanOrEqualToThreshold":
      return value <= threshold;
  }
}

function reasonOf(test: AlarmTest, points: readonly Datapoint[], alarm: boolean): string {
  const { evaluationPeriods: n, datapointsToAlarm: m } = test;
  const telling = points.filter((point) => breaches(test, point) === alarm);
  const shown = telling.flatMap(({ at, value }) =>
    value === undefined ? [] : [`${Number(value.toFixed(2))} (${isoSeconds(new Date(at))})`],
  );
  if (shown.length === 0) return missingReason(test, n);
  const verb = `${shown.length === 1 ? "was" : "were"}${alarm ? "" : " not"}`;
  const [needed, change] = alarm ? [m, "OK -> ALARM"] : [n - m + 1, "ALARM -> OK"];
  return (
    `Threshold Crossed: ${shown.length} out of the last ${n} datapoints [${shown.join(", ")}] ` +
    `${verb} ${WORDS[test.comparison]} the threshold (${test.threshold.toFixed(1)}) ` +
    `(minimum ${needed} datapoint${needed === 1 ? "" : "s"} for ${change} transition).`
  );
}

function missingReason(test: AlarmTest, n: number): string {
  const treated = test.treatMissingData === "breaching" ? "Breaching" : "NonBreaching";
  return (
    `Threshold Crossed: no datapoints were received for ${n} period${n === 1 ? "" : "s"} ` +
    `and missing datapoints were treated as [${treated}].`
  );
}

function unknownReason(n: number): string {
  return `Insufficient Data: ${n} datapoint${n === 1 ? " was" : "s were"} unknown.`;
}
