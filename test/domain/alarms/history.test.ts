import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AlarmEvent, AlarmState } from "#domain/alarms/alarm.ts";
import { firings, flapping, stateSpans, timeIn } from "#domain/alarms/history.ts";
import { windowsWorthLooking } from "#domain/alarms/windows.ts";
import { HOUR, MINUTE, shift } from "#domain/window.ts";
import { alarm } from "./alarms.ts";

const start = new Date("2026-04-25T12:00:00Z");
const window = { start, end: shift(start, 2 * HOUR) };
const at = (minutes: number) => shift(start, minutes * MINUTE);

function change(minutes: number, from: AlarmState, to: AlarmState): AlarmEvent {
  return { at: at(minutes), kind: "state", summary: "", from, to, reason: "why" };
}

describe("stateSpans", () => {
  it("splits the window at the changes, whatever their order", () => {
    const spans = stateSpans([change(60, "ALARM", "OK"), change(30, "OK", "ALARM")], window);
    expect(spans.map(({ state, start, end }) => [state, start, end])).toEqual([
      ["OK", at(0), at(30)],
      ["ALARM", at(30), at(60)],
      ["OK", at(60), at(120)],
    ]);
    expect(timeIn(spans, "ALARM")).toBe(30 * MINUTE);
    expect(firings(spans)).toEqual([at(30)]);
  });

  it("ignores configuration, actions and changes outside the window", () => {
    const other = { at: at(10), kind: "configuration", summary: "" } as const;
    expect(
      stateSpans([other, change(-5, "OK", "ALARM"), change(120, "OK", "ALARM")], window),
    ).toEqual([]);
  });

  it("without changes is in the state of now, from when it began", () => {
    expect(stateSpans([], window, alarm({ since: at(-600) }))).toEqual([
      { state: "ALARM", ...window, entered: false },
    ]);
    expect(firings(stateSpans([], window, alarm({ since: at(20) })))).toEqual([at(20)]);
    expect(stateSpans([], window, alarm({ since: at(200) }))).toEqual([]);
  });

  it("covers the window without a hole, and no more", () => {
    const minutes = fc.uniqueArray(fc.integer({ min: 1, max: 119 }), { minLength: 1 });
    fc.assert(
      fc.property(minutes, (times) => {
        const states = ["OK", "ALARM"] as const;
        const events = times
          .sort((a, b) => a - b)
          .map((time, i) => change(time, states[i % 2] ?? "OK", states[(i + 1) % 2] ?? "OK"));
        const spans = stateSpans(events, window);
        const total = timeIn(spans, "ALARM") + timeIn(spans, "OK");
        expect(total).toBe(2 * HOUR);
      }),
    );
  });
});

describe("flapping", () => {
  it("needs three firings within an hour", () => {
    expect(flapping([at(0), at(30), at(61), at(119)])).toBeUndefined();
    expect(flapping([at(0), at(50), at(70), at(110)])).toEqual({
      start: at(50),
      end: at(110),
      firings: 3,
    });
  });
});

describe("windowsWorthLooking", () => {
  const watched = alarm();
  const labels = (events: AlarmEvent[], now = window.end) =>
    windowsWorthLooking(stateSpans(events, window), watched, now).map((look) => look.label);

  it("looks before, at and after a firing that goes on", () => {
    const looks = windowsWorthLooking(
      stateSpans([change(60, "OK", "ALARM")], window),
      watched,
      window.end,
    );
    expect(looks).toEqual([
      { label: "before", start: at(42), end: at(54), why: "how it is when well" },
      { label: "at", start: at(54), end: at(70), why: "the change should be in here" },
      { label: "after", start: at(70), end: at(120), why: "still firing" },
    ]);
  });

  it("looks at the recovery of one that ended", () => {
    const spans = stateSpans([change(60, "OK", "ALARM"), change(80, "ALARM", "OK")], window);
    expect(windowsWorthLooking(spans, watched, window.end).at(-1)).toEqual({
      label: "after",
      start: at(80),
      end: at(92),
      why: "it stopped firing: did it recover?",
    });
  });

  it("says when the time before was no good time either", () => {
    const events = [
      change(40, "OK", "ALARM"),
      change(45, "ALARM", "OK"),
      change(60, "OK", "ALARM"),
    ];
    const [before] = windowsWorthLooking(stateSpans(events, window), watched, window.end);
    expect(before?.why).toContain("fired in part of it too");
  });

  it("has nothing to show when it did not fire", () => {
    expect(labels([change(60, "OK", "INSUFFICIENT_DATA")])).toEqual([]);
  });
});
