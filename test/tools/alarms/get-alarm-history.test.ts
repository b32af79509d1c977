import { describe, expect, it } from "vitest";
import { HOUR } from "#domain/window.ts";
import { connect } from "../../support/connect.ts";

const alarm_name = "customer-etl-failure-rate";

describe("get_alarm_history", () => {
  it("tells how the alarm spent the day and where to look", async () => {
    const { call } = await connect();
    const { text, failed } = await call("get_alarm_history", { alarm_name });
    expect(failed).toBe(false);
    expect(text).toMatchInlineSnapshot(`
      "customer-etl-failure-rate fired 1 time between 2026-04-24T14:22:33Z and 2026-04-25T14:22:33Z, in ALARM for 9m 33s of it. Now ALARM for 9m 33s, since 2026-04-25T14:13:00Z.

      Watches Average of Data/Pipelines FailureRate {Pipeline=customer-etl} > 20, 2 of 3 periods of 1m

      | at | change | lasted | reason |
      |---|---|---|---|
      | 2026-04-25T14:13:00Z | OK → ALARM | 9m 33s, to the window's end | "Threshold Crossed: 2 out of the last 3 datapoints [73.73 (2026-04-25T14:11:00Z), 82.46 (2026-04-25T14:12:00Z)] were greater than the threshold (20.0) (minimum …" |

      Windows worth reading:
      - before: 2026-04-25T13:55:00Z to 2026-04-25T14:07:00Z (how it is when well)
      - at: 2026-04-25T14:07:00Z to 2026-04-25T14:22:33Z (the change should be in here)

      Actions:
      - 2026-04-25T14:13:00Z "Successfully executed action arn:aws:sns:us-east-1:123456789012:on-call"

      Next: get_metric_statistics and fetch_log_events with start_time and end_time of these windows."
    `);
  });

  it("gives windows that the metric tool takes", async () => {
    const { call } = await connect();
    const { value } = await call("get_alarm_history", { alarm_name });
    const { windows } = value;
    const [window] = Array.isArray(windows) ? windows : [];
    const { text, failed } = await call("get_metric_statistics", {
      namespace: "Data/Pipelines",
      metric_name: "FailureRate",
      dimensions: { Pipeline: "customer-etl" },
      start_time: window.start,
      end_time: window.end,
    });
    expect(failed, text).toBe(false);
  });

  it("goes on as the world does", async () => {
    const { call, advance } = await connect();
    await advance(HOUR);
    const { text } = await call("get_alarm_history", { alarm_name, start_time: "now-30m" });
    expect(text).toContain("It did not change in this window.");
    expect(text).toContain("in ALARM for 30m of it");
    expect(text).toContain("Next: give an earlier start_time");
  });

  it("keeps the newest changes when there are too many", async () => {
    const { call } = await connect();
    const { value } = await call("get_alarm_history", { alarm_name, limit: 1 });
    expect(value).toMatchObject({ changes: [{ to: "ALARM", ongoing: true }] });
  });

  it("names alarms like one that does not exist", async () => {
    const { call } = await connect();
    const { text, failed } = await call("get_alarm_history", {
      alarm_name: "customer-failure-rate",
    });
    expect(failed).toBe(true);
    expect(text).toMatch(/^not_found: No alarm is named "customer-failure-rate"/);
    expect(text).toContain("Alarms with a name like it: customer-etl-failure-rate");
  });

  it.each([
    ["an end before the start", { start_time: "now-1h", end_time: "now-2h" }],
    ["a start in the future", { start_time: "2036-01-01" }],
    ["an end in the future", { end_time: "2036-01-01" }],
    ["400 days", { start_time: "now-400d" }],
    ["a time that is none", { start_time: "yesterday" }],
    ["a day that does not exist", { start_time: "2026-02-31T25:00" }],
    ["an empty name", { alarm_name: "" }],
    ["a name of 10 kB", { alarm_name: "x".repeat(10_000) }],
    ["a name with a newline", { alarm_name: "a\nb" }],
    ["a limit below one", { limit: 0 }],
  ])("refuses %s", async (_, args) => {
    const { call } = await connect();
    const { text, failed } = await call("get_alarm_history", { alarm_name, ...args });
    expect(failed).toBe(true);
    expect(text).toMatch(/^invalid_input: /);
  });

  it("says that older history is not kept", async () => {
    const { call } = await connect();
    const { text } = await call("get_alarm_history", { alarm_name, start_time: "now-45d" });
    expect(text).toContain("CloudWatch keeps 30 days of history");
  });
});
