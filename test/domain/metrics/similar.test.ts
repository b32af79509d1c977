import { describe, expect, it } from "vitest";
import { similarMetrics } from "#domain/metrics/similar.ts";
import { isStatistic } from "#domain/metrics/statistics.ts";

const metric = (name: string, dimensions: Record<string, string>) => ({
  namespace: "Data/Pipelines",
  name,
  dimensions,
});

describe("similarMetrics", () => {
  const known = [
    metric("FailureRate", { Pipeline: "orders-etl" }),
    metric("FailureRate", { Pipeline: "customer-etl", Stage: "load" }),
    metric("FailureRate", { Pipeline: "customer-etl" }),
    metric("Duration", { Pipeline: "customer-etl" }),
  ];

  it("says in what each differs, the likest first", () => {
    const wanted = metric("FailureRate", { Pipeline: "customer_etl" });
    expect(similarMetrics(wanted, known).map(({ differs }) => differs)).toEqual([
      "Pipeline=customer-etl",
      "Pipeline=orders-etl",
      "Pipeline=customer-etl, also Stage=load",
    ]);
  });

  it("finds a misspelt name and a missing dimension", () => {
    expect(similarMetrics(metric("FailureRates", { Team: "x" }), known, 1)[0]?.differs).toBe(
      "name FailureRate, no dimension Team, also Pipeline=orders-etl",
    );
  });

  it("knows the very metric", () => {
    expect(
      similarMetrics(metric("Duration", { Pipeline: "customer-etl" }), known)[0]?.differs,
    ).toBe("");
  });

  it("offers nothing that is not alike", () => {
    expect(similarMetrics(metric("xyz", {}), known)).toEqual([]);
  });
});

describe("isStatistic", () => {
  it.each([
    "Average",
    "SampleCount",
    "IQM",
    "p99",
    "p99.9",
    "p0",
    "p100",
    "tm90",
    "wm95.5",
    "TM(10%:90%)",
    "PR(:300)",
  ])("knows %s", (text) => expect(isStatistic(text)).toBe(true));

  it.each(["", "average", "p101", "p-1", "max", "tm", "TM(10:", "Average; drop"])(
    "refuses %j",
    (text) => {
      expect(isStatistic(text)).toBe(false);
    },
  );
});
