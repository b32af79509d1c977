import { describe, expect, it } from "vitest";
import { readPod } from "#domain/kubernetes/pod.ts";
import { podState } from "#domain/kubernetes/pods.ts";
import { ago, container, NOW, pod, running, terminated, waiting } from "../../support/objects.ts";

type Parts = Parameters<typeof pod>[1];

function state(parts: Parts) {
  return podState(readPod(pod("etl-1", parts)), NOW);
}

function shown(parts: Parts) {
  const { status, ready, restarts, health } = state(parts);
  return `${status} ${ready} ${restarts} ${health}`;
}

const crashing = container(waiting("CrashLoopBackOff", "back-off 5m0s restarting"), {
  restartCount: 7,
  lastState: terminated(137, "OOMKilled"),
});

describe("the status word of a pod", () => {
  it("is Running when its containers run", () => {
    expect(shown({})).toBe("Running 1/1 0 well");
  });

  it("shows what the phase hides", () => {
    expect(shown({ containers: [crashing] })).toBe("CrashLoopBackOff 0/1 7 failing");
    expect(shown({ containers: [container(waiting("ImagePullBackOff"))] })).toBe(
      "ImagePullBackOff 0/1 0 failing",
    );
    expect(shown({ containers: [container(terminated(137, "OOMKilled"))] })).toBe(
      "OOMKilled 0/1 0 failing",
    );
  });

  it("names exit code or signal when no reason is given", () => {
    expect(shown({ containers: [container(terminated(3, ""))] })).toBe("ExitCode:3 0/1 0 failing");
    const killed = { terminated: { exitCode: 137, signal: 9 } };
    expect(shown({ containers: [container(killed)] })).toBe("Signal:9 0/1 0 failing");
  });

  it("waits while it runs and is not ready", () => {
    expect(shown({ containers: [container(running, { ready: false })] })).toBe(
      "Running 0/1 0 waiting",
    );
  });

  it("tells an end that was meant from one that was not", () => {
    const ended = [container(terminated(0, "Completed"))];
    expect(shown({ containers: ended, status: { phase: "Succeeded" } })).toBe(
      "Completed 0/1 0 well",
    );
    const both = [...ended, container(running, { name: "proxy" })];
    const spec = { containers: [{ name: "app" }, { name: "proxy" }] };
    expect(shown({ containers: both, spec })).toBe("NotReady 1/2 0 waiting");
    const conditions = [{ type: "Ready", status: "True" }];
    expect(shown({ containers: both, spec, status: { conditions } })).toBe("Running 1/2 0 waiting");
  });

  it("follows init containers one by one", () => {
    const spec = { initContainers: [{ name: "one" }, { name: "two" }] };
    const init = (...initContainerStatuses: readonly object[]) =>
      shown({ spec, containers: [], status: { phase: "Pending", initContainerStatuses } });
    const done = container(terminated(0, "Completed"), { name: "one" });
    const second = (status: object) => container({ ...status }, { name: "two", restartCount: 2 });
    expect(init(done, second(running))).toBe("Init:1/2 0/1 2 waiting");
    expect(init(done, second(terminated(1, "Error")))).toBe("Init:Error 0/1 2 failing");
    expect(init(done, second(waiting("CrashLoopBackOff")))).toBe(
      "Init:CrashLoopBackOff 0/1 2 failing",
    );
    expect(init(done, second(waiting("PodInitializing")))).toBe("Init:1/2 0/1 2 waiting");
  });

  it("counts sidecars among the containers", () => {
    const sidecar = container(running, { name: "proxy", started: true, restartCount: 1 });
    const spec = { initContainers: [{ name: "proxy", restartPolicy: "Always" }] };
    expect(shown({ spec, status: { initContainerStatuses: [sidecar] } })).toBe(
      "Running 2/2 1 well",
    );
  });

  it("is Terminating, or Unknown when the node is lost", () => {
    const metadata = { deletionTimestamp: ago(1) };
    expect(shown({ metadata })).toBe("Terminating 1/1 0 waiting");
    expect(shown({ metadata, status: { reason: "NodeLost" } })).toBe("Unknown 1/1 0 failing");
  });

  it("fails when no node fits, and waits while it is gated", () => {
    const scheduled = (reason: string) => ({
      containers: [],
      status: {
        phase: "Pending",
        conditions: [{ type: "PodScheduled", status: "False", reason, message: "0/3 nodes fit" }],
      },
    });
    expect(shown(scheduled("Unschedulable"))).toBe("Pending 0/1 0 failing");
    expect(state(scheduled("Unschedulable")).message).toBe("0/3 nodes fit");
    expect(shown(scheduled("SchedulingGated"))).toBe("SchedulingGated 0/1 0 waiting");
  });

  it("says Evicted with the kubelet's words", () => {
    const evicted = state({
      containers: [],
      status: { phase: "Failed", reason: "Evicted", message: "The node was low on memory." },
    });
    expect(evicted).toMatchObject({
      status: "Evicted",
      health: "failing",
      message: "The node was low on memory.",
    });
  });
});

describe("the history of a pod", () => {
  it("holds the last exit, the last restart and why it waits", () => {
    expect(state({ containers: [crashing] })).toMatchObject({
      lastExit: { container: "app", code: 137, reason: "OOMKilled", at: new Date(ago(3)) },
      lastRestartAt: new Date(ago(3)),
      message: "back-off 5m0s restarting",
      node: "node-a",
      age: "3h",
    });
  });

  it("does not count an init container that succeeded", () => {
    const init = container(terminated(0, "Completed"), { name: "init" });
    const { lastExit } = state({
      spec: { initContainers: [{ name: "init" }] },
      status: { initContainerStatuses: [init] },
    });
    expect(lastExit).toBeUndefined();
  });
});
