import { describe, expect, it } from "vitest";
import { ago, condition, object } from "../../../support/objects.ts";
import { row } from "../../../support/rows.ts";

describe("jobs and cron jobs", () => {
  it("tell how a job ended", () => {
    const failed = object("load", {
      spec: { completions: 2 },
      status: {
        failed: 3,
        succeeded: 1,
        conditions: [condition("Failed", "True", "BackoffLimitExceeded")],
      },
    });
    const complete = object("load", {
      status: {
        succeeded: 1,
        startTime: ago(30),
        completionTime: ago(28),
        conditions: [condition("Complete", "True")],
      },
    });
    expect(row("jobs", failed)).toMatchObject({
      state: "Failed",
      health: "failing",
      reason: "BackoffLimitExceeded",
      completions: "1/2",
      failed: "3",
    });
    expect(row("jobs", complete)).toMatchObject({ state: "Complete", took: "2m" });
    expect(row("jobs", object("load", { spec: { suspend: true } }))?.state).toBe("Suspended");
    expect(row("jobs", object("load", { status: { active: 1 } }))?.state).toBe("Running");
  });

  it("notice a cron job that is suspended or whose last run did not succeed", () => {
    const cron = (spec: object, status: object) => {
      const found = object("nightly", { spec: { schedule: "0 2 * * *", ...spec }, status });
      return row("cronjobs", found);
    };
    const ran = { lastScheduleTime: ago(60) };
    expect(cron({}, { ...ran, lastSuccessfulTime: ago(50) })).toMatchObject({
      state: "Scheduled",
      schedule: "0 2 * * *",
      last_schedule: "1h ago",
      last_success: "50m ago",
    });
    expect(cron({}, { ...ran, lastSuccessfulTime: ago(1500) })?.state).toBe(
      "Last run did not succeed",
    );
    expect(cron({}, { ...ran, active: [{}] })?.state).toBe("Active");
    expect(cron({ suspend: true }, ran)?.state).toBe("Suspended");
    expect(cron({}, {})).toMatchObject({ state: "Scheduled", last_schedule: "never" });
  });
});
