import { describe, expect, it } from "vitest";
import { condition, deployment, replicaSet } from "../../../support/objects.ts";
import { row, rows } from "../../../support/rows.ts";

describe("workloads", () => {
  const state = (parts: Parameters<typeof deployment>[1]) => {
    const found = row("deployments", deployment("etl", parts));
    return `${found?.state} ${found?.health}`;
  };

  it("have one word for where they stand", () => {
    expect(state({})).toBe("Ready well");
    expect(state({ spec: { replicas: 0 } })).toBe("Scaled to zero well");
    expect(state({ status: { availableReplicas: 0 } })).toBe("Unavailable failing");
    expect(state({ status: { availableReplicas: 1 } })).toBe("Degraded failing");
    expect(state({ status: { updatedReplicas: 1 } })).toBe("Rolling out waiting");
    expect(state({ metadata: { generation: 2 } })).toBe("Rolling out waiting");
    const late = condition("Progressing", "False", "ProgressDeadlineExceeded");
    expect(state({ status: { updatedReplicas: 1, conditions: [late] } })).toBe("Stuck failing");
    expect(state({ spec: { paused: true }, status: { updatedReplicas: 1 } })).toBe(
      "Paused failing",
    );
  });

  it("name only the conditions that are not as they should be", () => {
    const conditions = [
      condition("Progressing", "True", "NewReplicaSetAvailable"),
      condition("Available", "False", "MinimumReplicasUnavailable"),
    ];
    expect(row("deployments", deployment("etl", { status: { conditions } }))).toMatchObject({
      conditions: "Available=False MinimumReplicasUnavailable",
      ready: "2/2",
      revision: "2",
      images: "etl:1",
    });
  });

  it("tell what they read when asked for by name", () => {
    const env = [{ name: "A", valueFrom: { configMapKeyRef: { name: "settings", key: "a" } } }];
    const found = deployment("etl", {
      podSpec: { containers: [{ name: "app", image: "etl:1", env }] },
    });
    expect(row("deployments", found, true)).toMatchObject({
      reads: "ConfigMap settings by env (restart to see changes)",
      selector: "app=etl",
      strategy: "RollingUpdate",
    });
  });

  it("own ReplicaSets, of which only those in use matter", () => {
    expect(rows("replicasets", [replicaSet("etl", 2, 2), replicaSet("etl", 1, 0)])).toMatchObject([
      { state: "Ready", revision: "2", owner: "Deployment/etl", ready: "2/2" },
      { state: "Scaled to zero", revision: "1" },
    ]);
  });
});
