import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { closest, likeness } from "#domain/text/closest.ts";

const groups = [
  "/data/customer-etl",
  "/data/orders-etl",
  "/aws/lambda/checkout",
  "/aws/eks/prod/cluster",
];

describe("closest", () => {
  it("finds a misspelt name", () => {
    expect(closest("/data/custmer-etl", groups)[0]).toBe("/data/customer-etl");
  });

  it("finds a name by the words it shares, in whatever order", () => {
    expect(closest("checkout-lambda", groups)).toEqual(["/aws/lambda/checkout"]);
  });

  it("suggests nothing when nothing is alike", () => {
    expect(closest("zzz", groups)).toEqual([]);
    expect(closest("anything", [])).toEqual([]);
  });

  it("names each candidate once and no more than asked for", () => {
    expect(closest("etl", ["etl", "etl", "etl-a", "etl-b", "etl-c"], 2)).toEqual(["etl", "etl-a"]);
  });

  it("puts an exact match first", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.array(fc.string()), (name, others) => {
        expect(likeness(name, closest(name, [...others, name])[0] ?? "")).toBe(1);
      }),
    );
  });

  it("is symmetric and between 0 and 1", () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        const score = likeness(a, b);
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(1);
        expect(likeness(b, a)).toBe(score);
      }),
    );
  });
});
