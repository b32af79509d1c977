import { describe, expect, it } from "vitest";
import { readEvent } from "#domain/kubernetes/events.ts";
import { isAbout, openEvents } from "#domain/kubernetes/owned-events.ts";
import { ownerByName, topOwner } from "#domain/kubernetes/top-owner.ts";
import { ago, event, object } from "../../support/objects.ts";

const merged = (...objects: readonly ReturnType<typeof event>[]) => {
  const open = openEvents();
  for (const each of objects) open.add([readEvent(each)]);
  return open.result();
};

describe("events by workload", () => {
  it("count those of its pods and ReplicaSets, warnings first, with the newest message", () => {
    const found = merged(
      event("Pod/web-5c8d7f9b6-x2k4q", "BackOff", { count: 3, minutesAgo: 9, message: "old" }),
      event("Pod/web-5c8d7f9b6-z7h5n", "BackOff", { count: 4, minutesAgo: 2, message: "new" }),
      event("Deployment/web", "ScalingReplicaSet", { type: "Normal", minutesAgo: 1 }),
    );
    expect(found).toMatchObject([
      { reason: "BackOff", count: 7, objects: 2, message: "new", owner: { name: "web" } },
      { reason: "ScalingReplicaSet", type: "Normal", owner: { kind: "Deployment", name: "web" } },
    ]);
    expect(found[0]?.firstAt).toEqual(new Date(ago(19)));
    expect(found[0]?.lastAt).toEqual(new Date(ago(2)));
  });

  it("take their count and time from a series where there is one", () => {
    const series = object("web.1", {
      type: "Warning",
      reason: "FailedScheduling",
      eventTime: ago(30),
      series: { count: 12, lastObservedTime: ago(3) },
      involvedObject: { kind: "Pod", name: "web-0" },
    });
    expect(merged(series)).toMatchObject([
      { count: 12, firstAt: new Date(ago(30)), lastAt: new Date(ago(3)), owner: { name: "web" } },
    ]);
  });

  it("are about an object and about what works for it", () => {
    const about = (said: string, kind: string | undefined, name?: string) =>
      isAbout(readEvent(event(said, "X")), {
        ...(kind === undefined ? {} : { kind }),
        ...(name === undefined ? {} : { name }),
      });
    expect(about("Pod/web-5c8d7f9b6-x2k4q", "Deployment", "web")).toBe(true);
    expect(about("Pod/web-5c8d7f9b6-x2k4q", "Pod", "web-5c8d7f9b6-x2k4q")).toBe(true);
    expect(about("Pod/agent-x2k4q", "DaemonSet", "agent")).toBe(true);
    expect(about("Pod/agent-x2k4q", "Node")).toBe(false);
    expect(about("Pod/webshop-5c8d7f9b6-x2k4q", undefined, "web")).toBe(false);
    expect(about("Node/node-a", "Node")).toBe(true);
  });
});

describe("the workload of an object", () => {
  it("is told by names alone where nothing else is left", () => {
    const of = (kind: string, name: string) => {
      const owner = ownerByName({ kind, name });
      return `${owner.kind}/${owner.name}`;
    };
    expect(of("Pod", "web-5c8d7f9b6-x2k4q")).toBe("Deployment/web");
    expect(of("Pod", "kafka-0")).toBe("StatefulSet/kafka");
    expect(of("Pod", "agent-x2k4q")).toBe("Pod/agent-*");
    expect(of("Pod", "export-29384756-x2k4q")).toBe("CronJob/export");
    expect(of("Pod", "debug")).toBe("Pod/debug");
    expect(of("ReplicaSet", "web-5c8d7f9b6")).toBe("Deployment/web");
    expect(of("Job", "export-29384756")).toBe("CronJob/export");
    expect(of("Job", "migrate")).toBe("Job/migrate");
    expect(of("Service", "web-5c8d7f9b6")).toBe("Service/web-5c8d7f9b6");
  });

  it("is told by owner and labels", () => {
    const owner = (kind: string, name: string, labels = {}) =>
      topOwner({ labels, ownerReferences: [{ kind, name, uid: "u", controller: true }] });
    const hash = { "pod-template-hash": "5c8d7" };
    expect(owner("ReplicaSet", "web-5c8d7", hash)).toEqual({ kind: "Deployment", name: "web" });
    const rollout = { ...hash, "rollouts-pod-template-hash": "5c8d7" };
    expect(owner("ReplicaSet", "web-5c8d7", rollout)).toEqual({ kind: "Rollout", name: "web" });
    expect(owner("ReplicaSet", "alone")).toEqual({ kind: "ReplicaSet", name: "alone" });
    expect(owner("StatefulSet", "kafka")).toEqual({ kind: "StatefulSet", name: "kafka" });
    expect(topOwner({ labels: {}, ownerReferences: [] })).toBeUndefined();
  });
});
