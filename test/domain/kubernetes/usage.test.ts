import { describe, expect, it } from "vitest";
import { readPod } from "#domain/kubernetes/pod.ts";
import { nodeBounds, percentOf, podBounds, readUsage } from "#domain/kubernetes/usage.ts";
import { object, pod } from "../../support/objects.ts";

describe("what is used", () => {
  it("is the sum of a pod's containers", () => {
    const usage = readUsage(
      object("web", {
        containers: [
          { name: "app", usage: { cpu: "250m", memory: "100Mi" } },
          { name: "proxy", usage: { cpu: "1500000n", memory: "1024Ki" } },
        ],
      }),
    );
    expect(usage).toMatchObject({ cpu: 0.2515, memory: 101 * 2 ** 20, namespace: "data" });
    expect(usage.containers.get("app")).toEqual({ cpu: 0.25, memory: 100 * 2 ** 20 });
    expect(readUsage(object("node-a", { usage: { cpu: "2", memory: "1Gi" } }))).toMatchObject({
      cpu: 2,
      memory: 2 ** 30,
    });
  });

  it("is bounded by a limit only when every container has one", () => {
    const limited = { resources: { limits: { memory: "1Gi" }, requests: { cpu: "100m" } } };
    const containers = [{ name: "app", ...limited }];
    expect(podBounds(readPod(pod("a", { spec: { containers } })))).toEqual({
      requests: { cpu: 0.1, memory: 2 ** 30 },
      limits: { memory: 2 ** 30 },
    });
    const free = [...containers, { name: "proxy" }];
    expect(podBounds(readPod(pod("a", { spec: { containers: free } }))).limits).toEqual({});
    expect(nodeBounds(object("n", { status: { allocatable: { cpu: "3920m" } } }))).toEqual({
      limits: { cpu: 3.92 },
    });
  });

  it("is a whole percent of its bound", () => {
    expect(percentOf(1, 3)).toBe(33);
    expect(percentOf(1, undefined)).toBeUndefined();
    expect(percentOf(1, 0)).toBeUndefined();
  });
});
