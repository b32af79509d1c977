import { describe, expect, it } from "vitest";
import { condition, event, object } from "../../../support/objects.ts";
import { row, rows } from "../../../support/rows.ts";

describe("the cluster", () => {
  const node = (ready: string, more: object[] = [], spec: object = {}) => {
    const conditions = [condition("Ready", ready, "", "kubelet stopped posting"), ...more];
    return row("nodes", object("node-a", { spec, status: { conditions } }));
  };

  it("shows nodes that are not ready, under pressure or cordoned", () => {
    expect(node("True")?.state).toBe("Ready");
    expect(node("Unknown")).toMatchObject({
      state: "Unknown",
      health: "failing",
      message: "kubelet stopped posting",
    });
    expect(node("True", [condition("DiskPressure", "True")])).toMatchObject({
      state: "Ready, under pressure",
      pressure: "DiskPressure",
    });
    expect(node("True", [], { unschedulable: true })).toMatchObject({
      state: "Ready, cordoned",
      health: "waiting",
    });
  });

  it("shows what a disruption budget allows", () => {
    const budget = (status: object) =>
      row("poddisruptionbudgets", object("etl", { spec: { minAvailable: "50%" }, status }));
    const full = {
      expectedPods: 3,
      currentHealthy: 3,
      desiredHealthy: 2,
      disruptionsAllowed: 1,
    };
    expect(budget(full)).toMatchObject({
      state: "Allows evictions",
      allowed_disruptions: "1",
      min_available: "50%",
      healthy: "3 of 2 needed",
    });
    expect(budget({ ...full, disruptionsAllowed: 0 })?.state).toBe("Allows no eviction");
    expect(budget({ ...full, currentHealthy: 1 })?.state).toBe("Too few healthy");
    expect(budget({})?.state).toBe("Covers no pod");
  });

  it("merges events, warnings first", () => {
    const found = rows("events", [
      event("Pod/etl-1", "Started", { type: "Normal", minutesAgo: 1 }),
      event("Pod/etl-1", "BackOff", { count: 4, minutesAgo: 9, message: "old" }),
      event("Pod/etl-1", "BackOff", { count: 2, minutesAgo: 3, message: "new" }),
    ]);
    expect(found).toMatchObject([
      { reason: "BackOff", count: "6", last_seen: "3m ago", first_seen: "19m ago", message: "new" },
      { reason: "Started", count: "1", health: "well" },
    ]);
  });
});
