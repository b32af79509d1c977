import { describe, expect, it } from "vitest";
import { breaches, limitOf } from "#cli/demo/limit.ts";

describe("limitOf", () => {
  it.each([
    ["Average of Data/Pipelines Rate {Pipeline=x} > 20, 2 of 3 periods of 1m", "Average", ">", 20],
    ["p99.9 of Shop/Web Latency {App=a, Zone=b} >= 1.5, 3 of 5 periods of 1m", "p99.9", ">=", 1.5],
    ["Minimum of AWS/ApplicationELB HealthyHostCount {T=t} < 3, 2 of 3", "Minimum", "<", 3],
  ])("reads %s", (watches, statistic, operator, threshold) => {
    expect(limitOf(watches)).toEqual({ statistic, operator, threshold });
  });

  it.each(['rule ALARM("a") OR ALARM("b")', "anomaly band of Rate", ""])("leaves %j", (watches) => {
    expect(limitOf(watches)).toBeUndefined();
  });
});

describe("breaches", () => {
  it.each([
    [">", 20, false],
    [">=", 20, true],
    ["<", 20, false],
    ["<=", 20, true],
    [">", 20.1, true],
    ["<", 19.9, true],
  ])("%s 20 at %d: %s", (operator, value, expected) => {
    expect(breaches(value, { statistic: "Average", operator, threshold: 20 })).toBe(expected);
  });
});
