import { expect, test } from "vitest";
import { readPod } from "#domain/kubernetes/pod.ts";
import { refusePaused, rolloutWarnings } from "#domain/kubernetes/rollout-warnings.ts";
import { readWorkload } from "#domain/kubernetes/workload.ts";
import { container, deployment, NOW, ownedBy, pod, waiting } from "../../support/objects.ts";

const facts = { replicaSets: [], pods: [], events: [], now: NOW };

test("a workload that is rolled out, and rolls by itself, is not warned of", () => {
  const workload = readWorkload("deployments", deployment("web"));
  expect(rolloutWarnings(workload, facts)).toEqual([]);
  expect(() => refusePaused(workload)).not.toThrow();
});

test("a StatefulSet that is stuck needs its broken pod to go", () => {
  const parts = {
    spec: { updateStrategy: { rollingUpdate: { partition: 1 } } },
    status: { readyReplicas: 1, updatedReplicas: 1, updateRevision: "web-2" },
  };
  const workload = readWorkload("statefulsets", deployment("web", parts));
  const broken = pod("web-1", {
    metadata: {
      ...ownedBy("StatefulSet", "web"),
      labels: { "controller-revision-hash": "web-2" },
    },
    containers: [container(waiting("ImagePullBackOff"))],
  });
  expect(rolloutWarnings(workload, { ...facts, pods: [readPod(broken)] })).toEqual([
    expect.stringContaining("A rollout of statefulset/web is stuck: "),
    "statefulset/web waits for its broken pod even with another template: evict it afterwards (kubectl_evict_pod).",
    "statefulset/web has a partition: pods with an ordinal below 1 stay as they are.",
  ]);
});

test("a paused workload, and one that waits for deletions, are told apart", () => {
  const paused = readWorkload("deployments", deployment("web", { spec: { paused: true } }));
  expect(() => refusePaused(paused)).toThrow("deployment/web is paused");
  const spec = { updateStrategy: { type: "OnDelete" } };
  const waits = readWorkload("statefulsets", deployment("web", { spec }));
  expect(rolloutWarnings(waits, facts)).toContainEqual(expect.stringContaining("OnDelete"));
});
