import { expect, test } from "vitest";
import { lastRuns, readSchedule } from "#domain/kubernetes/cron.ts";

const now = new Date("2026-04-25T14:07:30Z");

test.each([
  ["*/15 * * * *", "2026-04-25T14:00:00.000Z", "2026-04-25T13:45:00.000Z"],
  ["5 4 * * *", "2026-04-25T04:05:00.000Z", "2026-04-24T04:05:00.000Z"],
  ["0 9-17/4 * * mon-fri", "2026-04-24T17:00:00.000Z", "2026-04-24T13:00:00.000Z"],
  ["0 0 * * 7", "2026-04-19T00:00:00.000Z", undefined],
  ["0 0 20 * fri", "2026-04-24T00:00:00.000Z", "2026-04-20T00:00:00.000Z"],
  ["0 0 22,23 apr *", "2026-04-23T00:00:00.000Z", "2026-04-22T00:00:00.000Z"],
  ["@hourly", "2026-04-25T14:00:00.000Z", "2026-04-25T13:00:00.000Z"],
])("%s was due at %s", (text, newest, before) => {
  const schedule = readSchedule(text);
  const runs = schedule ? lastRuns(schedule, now, 2) : [];
  expect(runs.map((at) => at.toISOString())).toEqual([newest, before].filter(Boolean));
});

test.each(["", "* * * *", "a b c d e", "*/0 * * * *", "5-1 * * * *"])(
  "%j is no schedule",
  (text) => {
    expect(readSchedule(text)).toBeUndefined();
  },
);
