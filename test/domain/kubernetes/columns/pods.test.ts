import { describe, expect, it } from "vitest";
import { container, ownedBy, pod, running, terminated, waiting } from "../../../support/objects.ts";
import { row } from "../../../support/rows.ts";

describe("pods", () => {
  const looping = pod("etl-1", {
    metadata: ownedBy("ReplicaSet", "etl-2"),
    spec: {
      containers: [{ name: "app", image: "etl:1", resources: { limits: { memory: "64Mi" } } }],
    },
    containers: [
      container(waiting("CrashLoopBackOff", "back-off 5m0s"), {
        restartCount: 7,
        lastState: terminated(137, "OOMKilled"),
      }),
    ],
  });

  it("show what phase hides", () => {
    expect(row("pods", looping)).toEqual({
      state: "CrashLoopBackOff",
      health: "failing",
      name: "etl-1",
      status: "CrashLoopBackOff",
      ready: "0/1",
      restarts: "7",
      last_exit: "137 OOMKilled 3m ago",
      age: "3h",
      node: "node-a",
      message: "back-off 5m0s",
    });
  });

  it("show containers with their limits when asked for by name", () => {
    expect(row("pods", looping, true)).toMatchObject({
      containers: "app etl:1 limits memory=64Mi",
      owner: "ReplicaSet/etl-2",
    });
  });

  it("count apart those that run without being ready", () => {
    const unready = pod("etl-1", { containers: [container(running, { ready: false })] });
    expect(row("pods", unready)?.state).toBe("Running, not ready");
  });

  it("do not pass for well between two crashes", () => {
    const state = (minutesAgo: number) => {
      const lastState = terminated(137, "OOMKilled", minutesAgo);
      return row("pods", pod("etl-1", { containers: [container(running, { lastState })] }));
    };
    expect(state(14)).toMatchObject({ state: "Running, restarted lately", health: "waiting" });
    expect(state(16)).toMatchObject({ state: "Running", health: "well" });
  });
});
