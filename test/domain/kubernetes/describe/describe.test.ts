import { describe, expect, it } from "vitest";
import { conditionFacts } from "#domain/kubernetes/describe/conditions.ts";
import { foremost, podContainers } from "#domain/kubernetes/describe/containers.ts";
import { exitMeaning, exitText } from "#domain/kubernetes/describe/exit-codes.ts";
import { tolerationTexts, volumeTexts } from "#domain/kubernetes/describe/pod-parts.ts";
import { readPod } from "#domain/kubernetes/pod.ts";
import {
  ago,
  condition,
  container,
  NOW,
  object,
  pod,
  running,
  terminated,
  waiting,
} from "../../../support/objects.ts";

const ended = (exitCode: number, reason = "Error", signal = 0) => ({
  exitCode,
  reason,
  signal,
  message: "",
});

describe("an exit code", () => {
  it.each([
    [0, "without an error"],
    [1, "an error of the application"],
    [126, "cannot be executed"],
    [127, "is not there"],
    [134, "SIGABRT"],
    [137, "SIGKILL"],
    [139, "segmentation fault"],
    [143, "SIGTERM"],
    [255, "lost the container"],
    [136, "signal 8"],
    [42, "an error of the application"],
  ])("%i is explained: %s", (code, words) => {
    expect(exitMeaning(ended(code))).toContain(words);
  });

  it("is explained by the kubelet's reason before all", () => {
    expect(exitMeaning(ended(137, "OOMKilled"))).toContain("for memory");
    expect(exitMeaning(ended(128, "StartError"))).toContain("could not start the command");
    expect(exitMeaning(ended(0, "Error", 9))).toContain("without an error");
  });

  it("is told with when and after how long", () => {
    const run = { ...ended(137, "OOMKilled"), startedAt: ago(10), finishedAt: ago(3) };
    expect(exitText(run, NOW)).toMatch(/^exit 137 OOMKilled 3m ago after 7m: killed by the kernel/);
  });
});

describe("conditions", () => {
  it("tell of trouble by what they mean, not by True or False", () => {
    const status = {
      conditions: [
        condition("Ready", "True"),
        condition("MemoryPressure", "False"),
        condition("DiskPressure", "True"),
        condition("NetworkUnavailable", "False"),
        condition("Progressing", "Unknown"),
        condition("ScalingLimited", "True"),
        condition("ScalingActive", "Unknown"),
        condition("ReplicaFailure", "True"),
      ],
    };
    const bad = conditionFacts(object("x", { status }), NOW).filter((each) => each.bad);
    expect(bad.map(({ type }) => type)).toEqual([
      "DiskPressure",
      "ScalingActive",
      "ReplicaFailure",
    ]);
    expect(conditionFacts(object("x", { status: { conditions: "odd" } }), NOW)).toEqual([]);
  });
});

describe("containers", () => {
  it("say how they are and how the run before ended", () => {
    const seen = pod("web", {
      spec: {
        containers: [{ name: "app" }, { name: "late" }],
        initContainers: [{ name: "proxy", restartPolicy: "Always" }, { name: "setup" }],
      },
      containers: [
        container(waiting("CrashLoopBackOff", "why"), { lastState: terminated(1, "Error") }),
      ],
      status: { initContainerStatuses: [container(running, { name: "proxy", restartCount: 2 })] },
    });
    const facts = podContainers(readPod(seen), undefined, NOW);
    expect(facts.map(({ name, role, state }) => [name, role, state])).toEqual([
      ["proxy", "sidecar", "running for 2h 50m"],
      ["setup", "init", "not created yet"],
      ["app", "container", "waiting: CrashLoopBackOff"],
      ["late", "container", "not created yet"],
    ]);
    expect(facts[2]).toMatchObject({
      message: "why",
      last_state: "exit 1 Error 3m ago: an error of the application",
      resources: "cpu not requested, no limit; memory not requested, no limit",
    });
    expect(foremost(facts, 2).map(({ name }) => name)).toEqual(["proxy", "setup"]);
  });
});

describe("what a pod's specification holds", () => {
  it("names each volume by its source and where it is mounted", () => {
    const containers = [{ volumeMounts: [{ name: "a", mountPath: "/a" }] }];
    const volumes = [
      { name: "a", configMap: { name: "settings", optional: true } },
      { name: "b", secret: { secretName: "db" } },
      { name: "c", hostPath: { path: "/var/log" } },
      { name: "d", csi: { driver: "efs.csi.aws.com" } },
      { name: "e", projected: { sources: [{ secret: {} }, { configMap: {} }] } },
      { name: "f", ephemeral: {} },
      { name: "kube-api-access-9x", projected: {} },
    ];
    expect(volumeTexts({ containers, volumes })).toEqual([
      "a: ConfigMap settings (optional) at /a",
      "b: Secret db, not mounted",
      "c: path of the node /var/log, not mounted",
      "d: driver efs.csi.aws.com, not mounted",
      "e: projected secret, configMap, not mounted",
      "f: ephemeral, not mounted",
    ]);
    expect(volumeTexts(undefined)).toEqual([]);
  });

  it("names the taints that it tolerates and others do not", () => {
    const tolerations = [
      { key: "node.kubernetes.io/unreachable", operator: "Exists", effect: "NoExecute" },
      { key: "gpu", operator: "Exists" },
      { operator: "Exists", effect: "NoSchedule" },
      { operator: "Exists" },
    ];
    expect(tolerationTexts({ tolerations })).toEqual([
      "gpu",
      "every taint of effect NoSchedule",
      "every taint",
    ]);
  });
});
