import { expect, test } from "vitest";
import { readPod } from "#domain/kubernetes/pod.ts";
import {
  refuseIdleRestart,
  restartedThen,
  restartImpact,
  restartWarnings,
} from "#domain/kubernetes/restart.ts";
import { readReplicaSet, readWorkload } from "#domain/kubernetes/workload.ts";
import {
  container,
  deployment,
  NOW,
  ownedBy,
  pod,
  replicaSet,
  waiting,
} from "../../support/objects.ts";

const workload = (spec: object = {}) =>
  readWorkload("deployments", deployment("etl", { spec: { ...spec } }));

const around = (reason?: string) => ({
  replicaSets: [readReplicaSet(replicaSet("etl", 2, 2))],
  pods: [
    readPod(
      pod("etl-2-a", {
        metadata: ownedBy("ReplicaSet", "etl-2"),
        ...(reason ? { containers: [container(waiting(reason))] } : {}),
      }),
    ),
  ],
  events: [],
  now: NOW,
});

const ALWAYS =
  "deployment/etl comes back with the same image and configuration: a restart clears state and removes no cause.";

test.each([
  ["ImagePullBackOff", "the image cannot be pulled"],
  ["CreateContainerConfigError", "its configuration names something that does not exist"],
  ["CrashLoopBackOff", "new ones start from the same template"],
])("a restart is not sold as the remedy of %s", (reason, said) => {
  const [first] = restartWarnings(workload(), around(reason));
  expect(first).toContain("unlikely to help");
  expect(first).toContain(said);
});

test("a healthy workload gets the one standing warning", () => {
  expect(restartWarnings(workload(), around())).toEqual([ALWAYS]);
});

test("restarts that would do nothing are refused", () => {
  expect(() => refuseIdleRestart(workload({ paused: true }))).toThrow("is paused");
  expect(() => refuseIdleRestart(workload({ replicas: 0 }))).toThrow("scaled to zero");
  const set = readWorkload(
    "statefulsets",
    deployment("etl", { spec: { updateStrategy: { type: "OnDelete" } } }),
  );
  expect(() => refuseIdleRestart(set)).toThrow("OnDelete");
  expect(() => refuseIdleRestart(workload())).not.toThrow();
});

test("a restart is recognised by its moment, to the second", () => {
  const annotations = { "kubectl.kubernetes.io/restartedAt": "2026-04-25T14:00:00Z" };
  const restarted = workload({ template: { metadata: { annotations } } });
  expect(restartedThen(restarted, new Date("2026-04-25T14:00:00.640Z"))).toBe(true);
  expect(restartedThen(restarted, new Date("2026-04-25T14:00:01Z"))).toBe(false);
  expect(restartedThen(workload(), NOW)).toBe(false);
});

test("the impact tells how the pods go", () => {
  expect(restartImpact(workload())).toBe("Replaces the 2 pods of deployment/etl, step by step.");
  expect(restartImpact(workload({ replicas: 1, strategy: { type: "Recreate" } }))).toBe(
    "Replaces the one pod of deployment/etl, all at once: none serves meanwhile.",
  );
});
