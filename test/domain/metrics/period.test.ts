import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  baselineWindow,
  checkPeriod,
  choosePeriod,
  MAX_POINTS,
  points,
  suits,
} from "#domain/metrics/period.ts";
import { DAY, HOUR, MINUTE, shift } from "#domain/window.ts";

const now = new Date("2026-04-25T12:00:00Z");
const last = (milliseconds: number) => ({ start: shift(now, -milliseconds), end: now });

describe("choosePeriod", () => {
  it.each([
    ["30 minutes", 30 * MINUTE, 60],
    ["3 hours", 3 * HOUR, 60],
    ["a day", DAY, 300],
    ["a week", 7 * DAY, 3600],
    ["a year", 365 * DAY, 86_400],
  ])("fits %s", (_, span, seconds) => {
    expect(choosePeriod(last(span), now)).toBe(seconds);
  });

  it("is as coarse as what is kept of old data", () => {
    const hour = (age: number) => ({ start: shift(now, -age), end: shift(now, HOUR - age) });
    expect(choosePeriod(hour(16 * DAY), now)).toBe(300);
    expect(choosePeriod(hour(64 * DAY), now)).toBe(3600);
  });

  it("always works, for any window that is kept", () => {
    const minutes = fc.integer({ min: 1, max: 455 * 1440 });
    fc.assert(
      fc.property(minutes, minutes, (age, length) => {
        const start = shift(now, -age * MINUTE);
        const window = { start, end: shift(start, Math.min(age, length) * MINUTE) };
        const period = choosePeriod(window, now);
        expect(suits(period, window, now)).toBe(true);
        expect(points(period, window)).toBeLessThanOrEqual(MAX_POINTS);
      }),
    );
  });
});

describe("checkPeriod", () => {
  it("lets a period through that works", () => {
    expect(checkPeriod(10, last(HOUR), now)).toBe(10);
  });

  it.each([
    ["not a period", 45, HOUR, "1, 5, 10, 20, 30 or a multiple of 60"],
    ["too many points", 60, 2 * DAY, "2880 points, over the limit of 1440"],
    ["finer than what is kept", 60, 20 * DAY - 19 * DAY + 15 * DAY, "points"],
  ])("refuses %s and names one that works", (_, seconds, span, message) => {
    expect(() => checkPeriod(seconds, last(span), now)).toThrow(message);
  });

  it("refuses what is no longer kept so fine", () => {
    const old = { start: shift(now, -4 * HOUR), end: shift(now, -3.9 * HOUR) };
    expect(() => checkPeriod(30, old, now)).toThrow("kept in multiples of 60 seconds");
  });
});

describe("baselineWindow", () => {
  it("is as long, and ends where the window begins", () => {
    expect(baselineWindow(last(HOUR))).toEqual({
      start: shift(now, -2 * HOUR),
      end: shift(now, -HOUR),
    });
  });
});
