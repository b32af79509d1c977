import { describe, expect, it } from "vitest";
import { changePoint } from "#domain/metrics/change-point.ts";
import { minutely, noise } from "./points.ts";

const level = (count: number, value: number, seed: number, scatter = 1) =>
  noise(count, seed).map((deviation) => value + deviation * scatter);

describe("changePoint", () => {
  it("finds a step where it is", () => {
    const points = minutely([...level(40, 2, 1), ...level(20, 78, 2)]);
    const found = changePoint(points);
    expect(found?.at).toEqual(points[40]?.at);
    expect(found?.before).toBeCloseTo(2, 0);
    expect(found?.after).toBeCloseTo(78, 0);
  });

  it("finds a fall, and a step without any scatter", () => {
    expect(changePoint(minutely([...level(20, 9, 3), ...level(20, 1, 4)]))?.after).toBeCloseTo(
      1,
      0,
    );
    const clean = minutely([0, 0, 0, 0, 0, 0, 5, 5, 5, 5]);
    expect(changePoint(clean)?.at).toEqual(clean[6]?.at);
  });

  it("finds nothing in few points, in a constant, in one spike", () => {
    expect(changePoint(minutely([1, 1, 1, 9, 9, 9]))).toBeUndefined();
    expect(changePoint(minutely(Array(60).fill(3)))).toBeUndefined();
    expect(changePoint(minutely([...level(30, 2, 5), 90, ...level(29, 2, 6)]))).toBeUndefined();
  });

  it("seldom cries wolf: on noise, less than one time in a hundred", () => {
    const alarms = Array.from({ length: 300 }, (_, seed) =>
      changePoint(minutely(noise(60, seed * 7919 + 1))),
    ).filter((found) => found !== undefined);
    expect(alarms.length).toBeLessThan(3);
  });

  it("is not fooled by a slow wander (each point nearly its neighbour)", () => {
    const wander = (seed: number) => {
      let value = 0;
      return noise(60, seed).map((step) => {
        value = 0.9 * value + step;
        return value;
      });
    };
    const alarms = Array.from({ length: 100 }, (_, seed) =>
      changePoint(minutely(wander(seed * 7919 + 1))),
    );
    expect(alarms.filter((found) => found !== undefined).length).toBeLessThan(15);
  });
});
