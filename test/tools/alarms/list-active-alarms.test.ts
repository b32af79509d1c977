import { describe, expect, it } from "vitest";
import { OpsError } from "#errors.ts";
import { connect } from "../../support/connect.ts";
import { brokenRegion, withRegions } from "../../support/regions.ts";

const denied = new OpsError("access_denied", "DescribeAlarms is forbidden.", "Grant it.");

describe("list_active_alarms", () => {
  it("answers with what fires, and what bears on it", async () => {
    const { call } = await connect();
    const { text, failed } = await call("list_active_alarms");
    expect(failed).toBe(false);
    expect(text).toMatchInlineSnapshot(`
      "6 alarms, the first to fire first. Searched metric, composite and log alarms in us-east-1; state ALARM.

      **customer-data-delivery** (composite, us-east-1): ALARM for 9m 33s, since 2026-04-25T14:13:00Z
      - watches rule ALARM("customer-etl-failure-rate") OR ALARM("reporting-sync-lag") OR ALARM("churn-features-lag") OR ALARM("invoice-export-lag")
      - described as "Customer data does not reach those who wait for it."
      - reason "Alarm customer-etl-failure-rate transitioned to ALARM"
      - 4 of 4 children in ALARM: customer-etl-failure-rate, reporting-sync-lag, churn-features-lag, invoice-export-lag
      - https://us-east-1.console.aws.amazon.com/cloudwatch/home?region=us-east-1#alarmsV2:alarm/customer-data-delivery

      **customer-etl-error-lines** (metric, us-east-1): ALARM for 9m 33s, since 2026-04-25T14:13:00Z
      - watches Sum of Data/Logs customer-etl-errors > 25, 2 of 3 periods of 1m
      - described as "Error lines of the pipeline per minute."
      - reason "Threshold Crossed: 2 out of the last 3 datapoints [87 (2026-04-25T14:11:00Z), 94 (2026-04-25T14:12:00Z)] were greater than the threshold (2…"
      - log group /data/customer-etl (a metric filter feeds customer-etl-errors from it)
      - https://us-east-1.console.aws.amazon.com/cloudwatch/home?region=us-east-1#alarmsV2:alarm/customer-etl-error-lines

      **customer-etl-failure-rate** (metric, us-east-1): ALARM for 9m 33s, since 2026-04-25T14:13:00Z
      - watches Average of Data/Pipelines FailureRate {Pipeline=customer-etl} > 20, 2 of 3 periods of 1m
      - described as "More than a fifth of the pipeline's tasks fail."
      - reason "Threshold Crossed: 2 out of the last 3 datapoints [73.73 (2026-04-25T14:11:00Z), 82.46 (2026-04-25T14:12:00Z)] were greater than the thresh…"
      - log group /data/customer-etl (a guess: its name holds customer-etl)
      - https://us-east-1.console.aws.amazon.com/cloudwatch/home?region=us-east-1#alarmsV2:alarm/customer-etl-failure-rate

      **invoice-export-lag** (metric, us-east-1): ALARM for 6m 33s, since 2026-04-25T14:16:00Z
      - watches Average of Data/Pipelines LagMinutes {Pipeline=invoice-export} > 4, 2 of 2 periods of 1m
      - described as "invoice-export works on data older than four minutes."
      - reason "Threshold Crossed: 2 out of the last 2 datapoints [4.2 (2026-04-25T14:14:00Z), 4.81 (2026-04-25T14:15:00Z)] were greater than the threshold…"
      - log group /data/invoice-export (a guess: its name holds invoice-export)
      - https://us-east-1.console.aws.amazon.com/cloudwatch/home?region=us-east-1#alarmsV2:alarm/invoice-export-lag

      **reporting-sync-lag** (metric, us-east-1): ALARM for 6m 33s, since 2026-04-25T14:16:00Z
      - watches Average of Data/Pipelines LagMinutes {Pipeline=reporting-sync} > 4, 2 of 2 periods of 1m
      - described as "reporting-sync works on data older than four minutes."
      - reason "Threshold Crossed: 2 out of the last 2 datapoints [4.35 (2026-04-25T14:14:00Z), 4.92 (2026-04-25T14:15:00Z)] were greater than the threshol…"
      - log group /data/reporting-sync (a guess: its name holds reporting-sync)
      - https://us-east-1.console.aws.amazon.com/cloudwatch/home?region=us-east-1#alarmsV2:alarm/reporting-sync-lag

      **churn-features-lag** (metric, us-east-1): ALARM for 5m 33s, since 2026-04-25T14:17:00Z
      - watches Average of Data/Pipelines LagMinutes {Pipeline=churn-features} > 4, 2 of 2 periods of 1m
      - described as "churn-features works on data older than four minutes."
      - reason "Threshold Crossed: 2 out of the last 2 datapoints [4.97 (2026-04-25T14:15:00Z), 5.89 (2026-04-25T14:16:00Z)] were greater than the threshol…"
      - log group /data/churn-features (a guess: its name holds churn-features)
      - https://us-east-1.console.aws.amazon.com/cloudwatch/home?region=us-east-1#alarmsV2:alarm/churn-features-lag

      Next: get_alarm_history for when it began, then get_metric_statistics and fetch_log_events."
    `);
  });

  it("gives the metric ready for the next call, and marks the backend's words", async () => {
    const { call } = await connect();
    const { value } = await call("list_active_alarms", { name_prefix: "customer-etl-f" });
    expect(value).toMatchObject({
      matching: 1,
      alarms: [
        {
          name: "customer-etl-failure-rate",
          metric: {
            namespace: "Data/Pipelines",
            metric_name: "FailureRate",
            dimensions: { Pipeline: "customer-etl" },
          },
        },
      ],
      untrusted_fields: ["alarms[].description", "alarms[].reason"],
    });
  });

  it("finds a composite alarm by the namespace of the alarms under it, and says so", async () => {
    const { call } = await connect();
    const { text } = await call("list_active_alarms", { namespace: "Data/Pipelines", limit: 50 });
    expect(text).toContain("**customer-data-delivery** (composite");
    expect(text).toContain("found through the alarms under it");
    expect(text).not.toContain("Data/Logs");
  });

  it("shows no more than asked for, and names the rest", async () => {
    const { call } = await connect();
    const { text, value } = await call("list_active_alarms", { limit: 1 });
    expect(value).toMatchObject({ matching: 6, left_out: 5 });
    expect(text).toContain("5 left out:");
    expect(text).toContain("Give limit, namespace or name_prefix to see them.");
  });

  it("says what was searched when nothing fires", async () => {
    const { call } = await connect({ scenario: "quiet-night" });
    const { text, value, failed } = await call("list_active_alarms");
    expect(failed).toBe(false);
    expect(value).toMatchObject({ matching: 0, alarms: [], left_out: 0 });
    expect(text).toMatchInlineSnapshot(`
      "No alarm matches. Searched metric, composite and log alarms in us-east-1; state ALARM.

      All alarms: 0 ALARM, 1 INSUFFICIENT_DATA, 3 OK. Pass states ["INSUFFICIENT_DATA"] for alarms that see no data; an alarm that just recovered is in get_alarm_history."
    `);
  });

  it("names namespaces like one that no alarm has", async () => {
    const { call } = await connect();
    const { text } = await call("list_active_alarms", { namespace: "Data/Pipeline" });
    expect(text).toContain("Namespaces with alarms like it: Data/Pipelines");
  });

  it("takes an empty namespace as not given", async () => {
    const { call } = await connect();
    expect((await call("list_active_alarms", { namespace: "" })).value).toMatchObject({
      matching: 6,
    });
  });

  it.each([
    [{ name_prefix: "" }, "name_prefix"],
    [{ states: [] }, "states"],
    [{ states: ["BAD"] }, "states"],
    [{ limit: -1 }, "limit"],
    [{ namespace: "a\nb" }, "namespace"],
    [{ region_name: "x" }, "region_name"],
  ])("refuses %j", async (args, named) => {
    const { call } = await connect();
    const { text, failed } = await call("list_active_alarms", args);
    expect(failed).toBe(true);
    expect(text).toMatch(/^invalid_input: /);
    expect(text).toContain(named);
  });

  it("lets a broken region spoil nothing but its own part", async () => {
    const { call } = await connect({ world: brokenRegion("eu-west-1", denied) });
    const { text, value, failed } = await call("list_active_alarms");
    expect(failed).toBe(false);
    expect(value).toMatchObject({
      matching: 6,
      errors: [{ region: "eu-west-1", code: "access_denied" }],
    });
    expect(text).toContain('- eu-west-1: access_denied, "DescribeAlarms is forbidden."');
  });

  it("fails when every region does", async () => {
    const only = withRegions((regions) => ({ ...regions, names: ["eu-west-1"] }));
    const world = brokenRegion("eu-west-1", denied);
    const { call } = await connect({ world: (sandbox) => only(world(sandbox)) });
    const { text, failed } = await call("list_active_alarms");
    expect(failed).toBe(true);
    expect(text).toContain("access_denied: DescribeAlarms is forbidden.");
  });

  it("answers without mutes and log groups that may not be read, and says so", async () => {
    const fail = () => Promise.reject(new OpsError("access_denied", "Forbidden.", "Grant it."));
    const world = withRegions((regions) => ({
      ...regions,
      async open(name) {
        const { alarms, logs, ...rest } = await regions.open(name);
        if (!alarms || !logs) throw new Error("the sandbox lacks ports");
        return {
          ...rest,
          alarms: { ...alarms, mutes: fail },
          logs: { ...logs, groups: fail, metricFilters: fail },
        };
      },
    }));
    const { call } = await connect({ world });
    const { text, value } = await call("list_active_alarms", { name_prefix: "customer-etl-f" });
    expect(value).toMatchObject({ matching: 1, alarms: [{ log_groups: [] }] });
    expect(text).toContain("Mute rules could not be read: Forbidden.");
    expect(text).toContain("Log groups could not be read: Forbidden.");
  });
});
