import { describe, expect, it } from "vitest";
import { condition, object } from "../../../support/objects.ts";
import { row } from "../../../support/rows.ts";

describe("autoscalers", () => {
  const scaler = (status: object) => {
    const target = { type: "Utilization", averageUtilization: 80 };
    const spec = {
      scaleTargetRef: { kind: "Deployment", name: "etl" },
      minReplicas: 2,
      maxReplicas: 6,
      metrics: [
        { type: "Resource", resource: { name: "cpu", target } },
        { type: "External", external: { metric: { name: "queue" }, target: { value: "30" } } },
      ],
    };
    return row("horizontalpodautoscalers", object("etl", { spec, status }));
  };
  const current = [{ type: "Resource", resource: { name: "cpu", current: target(85) } }];

  function target(averageUtilization: number) {
    return { averageUtilization };
  }

  it("show metrics as they are and as they are wanted", () => {
    expect(
      scaler({ currentReplicas: 3, desiredReplicas: 4, currentMetrics: current }),
    ).toMatchObject({
      state: "Active",
      target: "Deployment/etl",
      metrics: "cpu 85%/80%, queue unknown/30",
      min: "2",
      max: "6",
    });
  });

  it("tell when they are at the end of their range, off or blind", () => {
    const off = condition("ScalingActive", "False", "ScalingDisabled");
    const blind = condition("ScalingActive", "False", "FailedGetResourceMetric");
    expect(scaler({ desiredReplicas: 6 })?.state).toBe("At its maximum");
    expect(scaler({ conditions: [off] })?.state).toBe("Switched off");
    expect(scaler({ conditions: [blind] })).toMatchObject({
      state: "Cannot scale",
      conditions: "ScalingActive=False FailedGetResourceMetric",
    });
  });

  it("of KEDA show triggers and whether they are paused", () => {
    const scaled = (conditions: object[]) => {
      const spec = { scaleTargetRef: { name: "etl" }, triggers: [{ type: "aws-sqs-queue" }] };
      return row("scaledobjects", object("etl", { spec, status: { conditions } }));
    };
    expect(scaled([condition("Active", "True")])).toMatchObject({
      state: "Active",
      triggers: "aws-sqs-queue",
      max: "100",
    });
    expect(scaled([condition("Paused", "True")])?.state).toBe("Paused");
    expect(scaled([condition("Ready", "False")])?.state).toBe("Not ready");
  });
});
