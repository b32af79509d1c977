import { describe, expect, it } from "vitest";
import { gaps } from "#domain/metrics/gaps.ts";
import { MINUTE, shift } from "#domain/window.ts";
import { minutely, start } from "./points.ts";

const at = (minutes: number) => shift(start, minutes * MINUTE);
const window = { start, end: at(30) };

describe("gaps", () => {
  it("tells a gap from zeros", () => {
    const all = minutely(Array(30).fill(0));
    expect(gaps(all, window, 60)).toEqual({ intervalSeconds: 60, missing: 0, stretches: [] });
    const holed = all.filter((_, minute) => minute < 10 || minute >= 15);
    expect(gaps(holed, window, 60)).toEqual({
      intervalSeconds: 60,
      missing: 5,
      stretches: [{ start: at(10), end: at(15) }],
    });
  });

  it("sees missing beginnings and ends, but lets the newest data be late", () => {
    expect(gaps(minutely(Array(28).fill(1)), window, 60).missing).toBe(0);
    const middle = minutely(Array(30).fill(1)).slice(5, 20);
    expect(gaps(middle, window, 60).stretches).toEqual([
      { start, end: at(5) },
      { start: at(20), end: at(27) },
    ]);
  });

  it("takes a metric of every five minutes for what it is", () => {
    const sparse = minutely(Array(30).fill(1)).filter((_, minute) => minute % 5 === 0);
    expect(gaps(sparse, window, 60)).toEqual({ intervalSeconds: 300, missing: 0, stretches: [] });
  });
});
