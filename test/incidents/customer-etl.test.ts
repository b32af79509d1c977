import { describe, expect, it } from "vitest";
import { expectHealed } from "./healed.ts";
import { changesMade, work } from "./work.ts";

const names = {
  "customer-etl": "order-import",
  data: "warehouse",
  "legacy-crm": "old-ledger",
  "reporting-sync": "daily-board",
  "churn-features": "basket-model",
  "invoice-export": "tax-feed",
  "ledger-archive": "cold-store",
};
const usual = { release: "customer-etl", namespace: "data", to: 6, made: 8 };
const renamed = { release: "order-import", namespace: "warehouse", to: 6, made: 8 };

describe("a pipeline whose newest release fails", () => {
  it("is healed by the walk, in the order of an incident", async () => {
    const worked = await work({ scenario: "customer-etl" }, "customer-etl");
    await expectHealed(worked, usual);
    expect([...new Set(worked.calls)]).toEqual([
      "list_active_alarms",
      "get_alarm_history",
      "get_metric_statistics",
      "fetch_log_events",
      "kubectl_get",
      "kubectl_rollout_status",
      "helm_history",
      "find_runbook",
      "get_runbook",
      "helm_rollback",
      "post_incident_report",
    ]);
  });

  it.each([2, 3, 77])("is healed under other names, with seed %i", async (seed) => {
    const worked = await work(
      { scenario: "customer-etl", seed, overrides: { names } },
      "order-import",
    );
    await expectHealed(worked, renamed);
  });

  it.each([
    ["long ago", { onsetMinutesAgo: 95 }],
    ["mild", { peak: 0.4 }],
    ["by a setting", { fault: "setting" }],
  ] as const)("is healed when it is %s", async (_, overrides) => {
    const options = { scenario: "customer-etl", seed: 5, overrides: { ...overrides, names } };
    await expectHealed(await work(options, "order-import"), renamed);
  });

  it("is left alone when the person declines, and the report says so", async () => {
    const answer = () => ({ action: "decline" }) as const;
    const worked = await work({ scenario: "customer-etl", answer }, "");
    expect([worked.outcome, worked.why]).toEqual(["open", "the action ended as declined"]);
    expect(await changesMade(worked)).toEqual([]);
    const [report] = await (await worked.house.records()).reports.list(5);
    expect(report?.markdown).toContain("Nothing was changed");
  });
});
