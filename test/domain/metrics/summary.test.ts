import { describe, expect, it } from "vitest";
import { significant, summarise } from "#domain/metrics/summary.ts";
import { minutely } from "./points.ts";

describe("summarise", () => {
  it("puts a series in a few numbers and compares it with what was before", () => {
    const found = summarise(minutely([4, 8, 6, 30]), minutely([2, 2, 3]));
    expect(found).toMatchObject({ points: 4, min: 4, median: 7, p95: 26.7, max: 30, last: 30 });
    expect(found?.baseline).toEqual({ points: 3, median: 2, max: 3, difference: 5, ratio: 3.5 });
  });

  it("gives no ratio to nothing, and no baseline without data", () => {
    expect(summarise(minutely([4]), minutely([0]))?.baseline).toEqual({
      points: 1,
      median: 0,
      max: 0,
      difference: 4,
    });
    expect(summarise(minutely([4]), [])).not.toHaveProperty("baseline");
    expect(summarise([], minutely([4]))).toBeUndefined();
  });

  it("says when the highest value was, the last of equals", () => {
    const points = minutely([1, 9, 2]);
    expect(summarise(points, [])?.maxAt).toEqual(points[1]?.at);
  });
});

describe("significant", () => {
  it("rounds fractions and leaves whole numbers whole", () => {
    expect(significant(0.123456789)).toBe(0.123457);
    expect(significant(123_456_789)).toBe(123_456_789);
  });
});
