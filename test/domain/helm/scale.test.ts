import { expect, test } from "vitest";
import { manifestWorkloads, parseManifest } from "#domain/helm/manifest.ts";
import { scalableWorkload, scaleImpact, scaleWarnings } from "#domain/helm/scale.ts";
import { readPod } from "#domain/kubernetes/pod.ts";
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

const workloads = (...kinds: readonly string[]) =>
  manifestWorkloads(
    parseManifest(
      kinds.map((kind, index) => `kind: ${kind}\nmetadata: {name: w${index}}`).join("\n---\n"),
    ),
    "data",
  );

test("the only workload that can be scaled needs no name", () => {
  expect(scalableWorkload("etl", workloads("DaemonSet", "Deployment"), undefined).name).toBe("w1");
});

test("several need one, and a release without any is told so", () => {
  const several = workloads("Deployment", "StatefulSet");
  expect(() => scalableWorkload("etl", several, undefined)).toThrow("2 workloads");
  expect(scalableWorkload("etl", several, "w1").kind).toBe("statefulsets");
  expect(() => scalableWorkload("etl", workloads("DaemonSet"), "w0")).toThrow(
    "no Deployment or StatefulSet",
  );
});

test("more of what crashes is called alike", () => {
  const etl = readWorkload("deployments", deployment("etl"));
  const crashing = pod("etl-2-a", {
    metadata: ownedBy("ReplicaSet", "etl-2"),
    containers: [container(waiting("CrashLoopBackOff"))],
  });
  const facts = {
    replicaSets: [readReplicaSet(replicaSet("etl", 2, 2))],
    pods: [readPod(crashing)],
    events: [],
    now: NOW,
  };
  expect(scaleWarnings(etl, facts, 5, ["scaledobjects"])).toEqual([
    "It is not well now, and new pods are alike: etl-2-a CrashLoopBackOff",
    "Autoscalers could not all be seen (scaledobjects): one may overwrite the count.",
    "The next upgrade or rollback of the release sets the chart's count again; Helm 4 may ask for --force-conflicts first.",
    "Whether the nodes and quotas have room is not checked.",
  ]);
});

test("the impact counts pods and what each asks for", () => {
  const containers = [{ name: "app", resources: { requests: { cpu: "1", memory: "1Gi" } } }];
  const etl = readWorkload("deployments", deployment("etl", { podSpec: { containers } }));
  expect(scaleImpact(etl, 3)).toBe(
    "Adds 1 pod to the 2 of deployment/etl. Each asks for app cpu 1, memory 1Gi.",
  );
  expect(scaleImpact(etl, 1)).toBe("Ends 1 pod of deployment/etl; 1 stay.");
});
