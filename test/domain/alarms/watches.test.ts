import { describe, expect, it } from "vitest";
import { watches } from "#domain/alarms/watches.ts";
import { alarm, failureRate } from "./alarms.ts";

describe("watches", () => {
  it("says metric, threshold and periods", () => {
    expect(watches(alarm({ datapointsToAlarm: 2 }))).toBe(
      "Average of Data/Pipelines FailureRate {Pipeline=customer-etl} > 10, 2 of 3 periods of 1m",
    );
  });

  it("says when missing data fires", () => {
    expect(watches(alarm({ treatMissingData: "breaching", evaluationPeriods: 1 }))).toContain(
      "> 10, 1 of 1 period of 1m (missing data counts as breaching)",
    );
  });

  it("names the inputs of metric math", () => {
    const total = { ...failureRate, name: "Runs", dimensions: {} };
    const queries = [
      { id: "e1", expression: "m1 / m2", evaluated: true },
      { id: "m1", metric: failureRate, statistic: "Sum", periodSeconds: 60, evaluated: false },
      { id: "m2", metric: total, statistic: "Sum", periodSeconds: 300, evaluated: false },
    ];
    expect(watches(alarm({ queries }))).toBe(
      "m1 / m2 (m1 = Sum of Data/Pipelines FailureRate {Pipeline=customer-etl}; m2 = Sum of Data/Pipelines Runs) > 10, 3 of 3 periods of 5m",
    );
  });

  it("words an anomaly band, which has no threshold", () => {
    const { threshold, ...rest } = alarm({ comparison: "GreaterThanUpperThreshold" });
    expect(threshold).toBe(10);
    expect(watches(rest)).toContain("{Pipeline=customer-etl} above its expected band, 3 of 3");
  });

  it("shows a composite alarm's rule and a log alarm's query", () => {
    expect(watches(alarm({ kind: "composite", rule: "ALARM(a) OR ALARM(b)" }))).toBe(
      "rule ALARM(a) OR ALARM(b)",
    );
    expect(watches(alarm({ kind: "log", queries: [], logQuery: "stats count()" }))).toBe(
      'log query "stats count()" > 10, 3 of 3 periods',
    );
  });
});
