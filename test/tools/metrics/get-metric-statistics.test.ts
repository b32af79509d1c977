import { describe, expect, it } from "vitest";
import { connect } from "../../support/connect.ts";

const dimensions = { Pipeline: "customer-etl" };
const metric = { namespace: "Data/Pipelines", metric_name: "FailureRate", dimensions };

describe("get_metric_statistics", () => {
  it("says what changed and when, with the numbers and the shape", async () => {
    const { call } = await connect();
    const { text, failed } = await call("get_metric_statistics", metric);
    expect(failed).toBe(false);
    expect(text).toMatchInlineSnapshot(`
      "Average went from 2.01274 to 79.015 at 2026-04-25T14:11:00Z. Data/Pipelines FailureRate {Pipeline=customer-etl} from 2026-04-25T13:52:33Z to 2026-04-25T14:22:33Z, every 1m, in Percent.

      | statistic | min | median | p95 | max | at | last | median before | change |
      |---|---|---|---|---|---|---|---|---|
      | Average | 1.69492 | 2.2039 | 83.0554 | 83.3333 | 2026-04-25T14:21:00Z | 83.3333 | 1.81818 | +0.385719 (×1.21) |
      | Sum | 1.69492 | 2.2039 | 83.0554 | 83.3333 | 2026-04-25T14:21:00Z | 83.3333 | 1.81818 | +0.385719 (×1.21) |
      | Maximum | 1.69492 | 2.2039 | 83.0554 | 83.3333 | 2026-04-25T14:21:00Z | 83.3333 | 1.81818 | +0.385719 (×1.21) |

      No gaps.

      | at | Average | Sum | Maximum |
      |---|---|---|---|
      | 2026-04-25T13:52:00Z | 1.78571 | 1.78571 | 1.78571 |
      | 2026-04-25T13:53:00Z | 1.69492 | 1.69492 | 1.69492 |
      | 2026-04-25T13:54:00Z | 1.69492 | 1.69492 | 1.69492 |
      | 2026-04-25T13:55:00Z | 2.77778 | 2.77778 | 2.77778 |
      | 2026-04-25T13:56:00Z | 1.85185 | 1.85185 | 1.85185 |
      | 2026-04-25T13:57:00Z | 1.8018 | 1.8018 | 1.8018 |
      | 2026-04-25T13:58:00Z | 2.52101 | 2.52101 | 2.52101 |
      | 2026-04-25T13:59:00Z | 2.5641 | 2.5641 | 2.5641 |
      | 2026-04-25T14:00:00Z | 1.83486 | 1.83486 | 1.83486 |
      | 2026-04-25T14:01:00Z | 1.88679 | 1.88679 | 1.88679 |
      | 2026-04-25T14:02:00Z | 1.81818 | 1.81818 | 1.81818 |
      | 2026-04-25T14:03:00Z | 1.86916 | 1.86916 | 1.86916 |
      | 2026-04-25T14:04:00Z | 1.69492 | 1.69492 | 1.69492 |
      | 2026-04-25T14:05:00Z | 1.69492 | 1.69492 | 1.69492 |
      | 2026-04-25T14:06:00Z | 1.7094 | 1.7094 | 1.7094 |
      | 2026-04-25T14:07:00Z | 1.86916 | 1.86916 | 1.86916 |
      | 2026-04-25T14:08:00Z | 1.76991 | 1.76991 | 1.76991 |
      | 2026-04-25T14:09:00Z | 1.88679 | 1.88679 | 1.88679 |
      | 2026-04-25T14:10:00Z | 3.7037 | 3.7037 | 3.7037 |
      | 2026-04-25T14:11:00Z | 73.7288 | 73.7288 | 73.7288 |
      | 2026-04-25T14:12:00Z | 82.4561 | 82.4561 | 82.4561 |
      | 2026-04-25T14:13:00Z | 82.906 | 82.906 | 82.906 |
      | 2026-04-25T14:14:00Z | 75.4237 | 75.4237 | 75.4237 |
      | 2026-04-25T14:15:00Z | 82.4074 | 82.4074 | 82.4074 |
      | 2026-04-25T14:16:00Z | 80.3738 | 80.3738 | 80.3738 |
      | 2026-04-25T14:17:00Z | 74.7826 | 74.7826 | 74.7826 |
      | 2026-04-25T14:18:00Z | 73.5849 | 73.5849 | 73.5849 |
      | 2026-04-25T14:19:00Z | 83.1776 | 83.1776 | 83.1776 |
      | 2026-04-25T14:20:00Z | 76.9912 | 76.9912 | 76.9912 |
      | 2026-04-25T14:21:00Z | 83.3333 | 83.3333 | 83.3333 |

      Next: fetch_log_events around the change; kubectl_get and helm_history for what changed then."
    `);
  });

  it.each([
    ["AWS's list", [{ Name: "Pipeline", Value: "customer-etl" }]],
    ["JSON text", JSON.stringify(dimensions)],
  ])("takes dimensions as %s", async (_, given) => {
    const { call } = await connect();
    const { value } = await call("get_metric_statistics", { ...metric, dimensions: given });
    expect(value).toEqual((await call("get_metric_statistics", metric)).value);
  });

  it.each([
    ["dimensions that are no JSON", { dimensions: "Pipeline=customer-etl" }, "must be an object"],
    ["a dimension that is no text", { dimensions: { Port: 80 } }, "texts of 1 to 1024"],
    ["a statistic that is none", { statistics: ["average"] }, "must be Average"],
    ["a period that is none", { period_seconds: 45 }, "Give period_seconds 60"],
    ["too many points", { period_minutes: 2880, period_seconds: 60 }, "Give period_seconds 900"],
    ["a window that is not kept", { start_time: "now-500d", end_time: "now-300d" }, "455 days"],
    ["a look-back of nothing", { period_minutes: 0 }, "period_minutes"],
    ["an end before the start", { start_time: "now-1h", end_time: "now-2h" }, "not before its end"],
    ["an empty name", { metric_name: "" }, "metric_name"],
    ["an argument that it has not", { statistic: "Sum" }, "statistic"],
  ])("refuses %s", async (_, args, message) => {
    const { call } = await connect();
    const { text, failed } = await call("get_metric_statistics", { ...metric, ...args });
    expect(failed).toBe(true);
    expect(text).toMatch(/^invalid_input: /);
    expect(text).toContain(message);
  });

  it("shows thirty points of a long window, and all on request", async () => {
    const { call } = await connect();
    const day = { ...metric, period_minutes: 1440, statistics: ["Maximum"] };
    const few = (await call("get_metric_statistics", day)).value;
    const all = (await call("get_metric_statistics", { ...day, all_points: true })).value;
    const rows = (value: Record<string, unknown>) =>
      Array.isArray(value.series) ? value.series : [];
    expect(rows(few).length).toBeLessThanOrEqual(30);
    expect(rows(all)).toHaveLength(288 + 1);
    expect(few.points_left_out).toBe(rows(all).length - rows(few).length);
    expect(all.statistics).toEqual(few.statistics);
    expect(rows(all)).toEqual(expect.arrayContaining(rows(few)));
  });

  it("offers metrics like one that has no data, and says in what they differ", async () => {
    const { call } = await connect();
    const near = { ...metric, dimensions: { Pipeline: "customer_etl" } };
    const { text, failed } = await call("get_metric_statistics", near);
    expect(failed).toBe(false);
    expect(text).toMatchInlineSnapshot(`
      "No data for Data/Pipelines FailureRate {Pipeline=customer_etl} from 2026-04-25T13:52:33Z to 2026-04-25T14:22:33Z.

      Metrics like it:
      - Data/Pipelines FailureRate {Pipeline=customer-etl}: Pipeline=customer-etl
      - Data/Pipelines FailureRate {Pipeline=churn-features}: Pipeline=churn-features
      - Data/Pipelines FailureRate {Pipeline=reporting-sync}: Pipeline=reporting-sync
      - Data/Pipelines FailureRate {Pipeline=invoice-export}: Pipeline=invoice-export

      Next: name and all dimensions must be exactly those of one of its metrics."
    `);
  });

  it("says when the namespace has no metrics at all", async () => {
    const { call } = await connect();
    const { text } = await call("get_metric_statistics", {
      ...metric,
      namespace: "data/pipelines",
    });
    expect(text).toContain("namespace data/pipelines has no metrics");
  });

  it("sees no change on a quiet night", async () => {
    const { call } = await connect({ scenario: "quiet-night" });
    const { value: alarms } = await call("list_active_alarms", { states: ["OK"], limit: 20 });
    const rows = Array.isArray(alarms.alarms) ? alarms.alarms : [];
    const watched = rows.filter((row) => row.metric);
    expect(watched.length).toBeGreaterThan(0);
    for (const { metric } of watched) {
      const { text } = await call("get_metric_statistics", { ...metric, statistics: ["Average"] });
      expect(text).toMatch(/^No (clear change of level|data)/);
    }
  });
});
