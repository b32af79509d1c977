import { describe, expect, it } from "vitest";
import { resolveWindow } from "#domain/text/window.ts";

const now = new Date("2026-04-25T14:00:00Z");
const ask = (start: string | undefined, end = "now", minutes = 30) =>
  resolveWindow({ start, end, minutes }, now, 10);

describe("resolveWindow", () => {
  it("looks back from the end when there is no start", () => {
    expect(ask(undefined, "now-1h")).toEqual({
      start: new Date("2026-04-25T12:30:00Z"),
      end: new Date("2026-04-25T13:00:00Z"),
    });
  });

  it("takes relative and absolute times", () => {
    expect(ask("now-2h", "2026-04-25T13:00")).toEqual({
      start: new Date("2026-04-25T12:00:00Z"),
      end: new Date("2026-04-25T13:00:00Z"),
    });
  });

  it("reads an end a few minutes ahead as now", () => {
    expect(ask("now-1h", "2026-04-25T14:03:00Z").end).toEqual(now);
  });

  it.each([
    ["an end in the future", "now-1h", "2026-04-26T14:00:00Z", "in the future"],
    ["a start after the end", "now-1h", "now-2h", "not before its end"],
    ["a start in the future", "2026-05-01", "now", "not before its end"],
    ["a window that is empty", "now", "now", "not before its end"],
    ["a window that is too long", "now-400d", "now", "longer than 10 days"],
    ["a day that does not exist", "2026-02-32", "now", "is not a time"],
  ])("refuses %s", (_, start, end, message) => {
    expect(() => ask(start, end)).toThrow(message);
  });
});
