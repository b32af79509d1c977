import { describe, expect, it } from "vitest";
import { readPod } from "#domain/kubernetes/pod.ts";
import { containersOf, thatMatter } from "#domain/logs/containers.ts";
import { container, pod, running, terminated, waiting } from "../../support/objects.ts";

const named = (name: string, state: object, more: object = {}) =>
  container({ ...state }, { name, ...more });

function podOf(
  containers: readonly (readonly [string, object, object?])[],
  init: readonly (readonly [string, object, object?])[] = [],
) {
  return readPod(
    pod("web-1", {
      spec: {
        containers: containers.map(([name]) => ({ name })),
        initContainers: init.map(([name, , spec]) => ({ name, ...spec })),
      },
      containers: containers.map(([name, state, more]) => named(name, state, more)),
      status: { initContainerStatuses: init.map(([name, state]) => named(name, state)) },
    }),
  );
}

const done = terminated(0, "Completed");
const looping = [
  waiting("CrashLoopBackOff"),
  { lastState: terminated(137, "OOMKilled"), restartCount: 4 },
] as const;

describe("containers that matter", () => {
  const names = (...args: Parameters<typeof podOf>) =>
    thatMatter(podOf(...args)).map(({ name }) => name);

  it("are the pod's own, without what is done or put in by others", () => {
    const own = [
      ["app", running],
      ["istio-proxy", running],
    ] as const;
    expect(names(own, [["migrate", done]])).toEqual(["app"]);
  });

  it("are the crashed first", () => {
    expect(
      names([
        ["app", running],
        ["worker", ...looping],
      ]),
    ).toEqual(["worker", "app"]);
    expect(
      names([
        ["app", running],
        ["istio-proxy", ...looping],
      ]),
    ).toEqual(["istio-proxy", "app"]);
  });

  it("are init containers while they run or fail", () => {
    const app = [["app", waiting("PodInitializing")]] as const;
    expect(names(app, [["migrate", running]])).toEqual(["app", "migrate"]);
    expect(names(app, [["migrate", terminated(1, "Error")]])).toEqual(["migrate", "app"]);
    expect(names([["app", running]], [["agent", running, { restartPolicy: "Always" }]])).toEqual([
      "app",
    ]);
  });

  it("are all when none of them does", () => {
    expect(names([["envoy", running]])).toEqual(["envoy"]);
  });
});

describe("a container's state", () => {
  it.each([
    [running, {}, "running", undefined, false],
    [...looping, "CrashLoopBackOff, 4 restarts, last exit 137 OOMKilled", undefined, true],
    [waiting("ImagePullBackOff"), {}, "ImagePullBackOff", "ImagePullBackOff", false],
    [terminated(1, "Error"), {}, "ended 1 Error", undefined, false],
  ])("%j", (state, more, words, why, earlier) => {
    const [found] = containersOf(podOf([["app", state, more]]));
    expect(found).toMatchObject({ state: words, earlier });
    expect(found?.waiting).toBe(why);
  });

  it("is not known before the pod is on a node", () => {
    const bare = readPod(pod("web-1", { containers: [] }));
    expect(containersOf(bare)).toMatchObject([{ name: "app", state: "not started" }]);
  });
});
