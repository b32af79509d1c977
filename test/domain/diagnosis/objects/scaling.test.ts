import { expect, test } from "vitest";
import { ago, condition, deployment, event, object, pod } from "../../../support/objects.ts";
import { causesOf, findings, told, type World } from "./diagnosed.ts";

const scaler = (conditions: readonly object[], status: object = {}, metadata = {}) =>
  object(
    "web",
    {
      spec: { scaleTargetRef: { kind: "Deployment", name: "web" }, maxReplicas: 10 },
      status: { currentReplicas: 10, desiredReplicas: 10, conditions, ...status },
    },
    metadata,
  );
const inactive = (message: string, reason = "FailedGetResourceMetric") =>
  condition("ScalingActive", "False", reason, message);
const world = (...scalers: readonly ReturnType<typeof scaler>[]): World => ({
  horizontalpodautoscalers: scalers,
  deployments: [deployment("web")],
});
const kind = "horizontalpodautoscalers";

test("an autoscaler whose target requests nothing", () => {
  const message =
    "the HPA was unable to compute the replica count: failed to get cpu utilization: missing request for cpu in container app of Pod web-1";
  expect(told(world(scaler([inactive(message)])), kind)).toEqual([
    "hpa_no_requests (certain): HorizontalPodAutoscaler data/web cannot compute cpu utilisation: container app of Deployment web requests no cpu.",
  ]);
});

test("an autoscaler without metrics names the API that is missing or down", () => {
  const message = "unable to get metrics for resource cpu: no metrics returned";
  const sick = world(scaler([inactive(message)]));
  expect(told(sick, kind)).toEqual([
    "hpa_no_metrics (certain): HorizontalPodAutoscaler data/web gets no metrics for Deployment web (FailedGetResourceMetric): no APIService serves metrics.k8s.io.",
  ]);
  const api = (status: string) => ({
    ...sick,
    apiservices: [
      object("v1beta1.metrics.k8s.io", {
        status: { conditions: [condition("Available", status)] },
      }),
    ],
  });
  expect(told(api("False"), kind)[0]).toContain(
    "APIService v1beta1.metrics.k8s.io is not available",
  );
  expect(told(api("True"), kind)).toEqual([
    "hpa_no_metrics (certain): HorizontalPodAutoscaler data/web gets no metrics for Deployment web (FailedGetResourceMetric).",
  ]);
  const young = scaler([inactive(message)], {}, { creationTimestamp: ago(1) });
  expect(told(world(young), kind)[0]).toContain("(possible)");
  const off = scaler([condition("ScalingActive", "False", "ScalingDisabled")]);
  expect(causesOf(world(off), kind)).toEqual([]);
});

test("an autoscaler at its maximum", () => {
  const limited = condition("ScalingLimited", "True", "TooManyReplicas");
  expect(told(world(scaler([limited])), kind)).toEqual([
    "hpa_at_maximum (likely): HorizontalPodAutoscaler data/web wants more replicas of Deployment web than its maximum of 10 and runs all of them.",
  ]);
  const few = condition("ScalingLimited", "True", "TooFewReplicas");
  expect(causesOf(world(scaler([few])), kind)).toEqual([]);
  expect(causesOf(world(scaler([limited], { currentReplicas: 6 })), kind)).toEqual([]);
});

const owned = (minutes: number, subresource = "") =>
  deployment("web", {
    metadata: {
      managedFields: [
        {
          manager: subresource === "" ? "argocd-controller" : "kube-controller-manager",
          operation: "Apply",
          subresource,
          time: ago(minutes),
          fieldsV1: { "f:spec": { "f:replicas": {} } },
        },
      ],
    },
  });
const scaled = (word: string, minutesAgo: number) =>
  event("Deployment/web", "ScalingReplicaSet", {
    type: "Normal",
    minutesAgo,
    message: `Scaled ${word} replica set web-2`,
  });

test("somebody else sets the replicas in turn with the autoscaler", () => {
  const events = [scaled("up", 20), scaled("down", 15), scaled("up", 10), scaled("down", 5)];
  const scaling = scaler([], { lastScaleTime: ago(10) });
  const fight = { ...world(scaling), deployments: [owned(5)], events };
  expect(told(fight, kind)).toEqual([
    'hpa_fights_manifest (certain): HorizontalPodAutoscaler data/web and field manager "argocd-controller" set the replicas of Deployment web in turn: 2 times up and 2 times down within the hour.',
  ]);
  expect(causesOf({ ...fight, deployments: [owned(600)] }, kind)).toEqual([]);
  expect(causesOf({ ...fight, deployments: [owned(5, "scale")] }, kind)).toEqual([]);
  expect(causesOf({ ...fight, events: [scaled("up", 20)] }, kind)).toEqual([]);
});

const budget = (healthy = 2) =>
  object("web", {
    spec: { minAvailable: 2, selector: { matchLabels: { app: "web" } } },
    status: { disruptionsAllowed: 0, currentHealthy: healthy, desiredHealthy: 2, expectedPods: 2 },
  });
const node = (unschedulable: boolean, conditions = [condition("Ready", "True")]) =>
  object("node-a", { spec: { unschedulable }, status: { conditions } }, { namespace: undefined });
const guarded = (unschedulable: boolean): World => ({
  poddisruptionbudgets: [budget()],
  deployments: [deployment("web")],
  pods: [pod("web-1", { metadata: { labels: { app: "web" } } })],
  nodes: [node(unschedulable)],
});

test("a budget that allows nothing matters to who asked for it, and where a node is being emptied", () => {
  expect(told(guarded(false), "poddisruptionbudgets")).toEqual([
    "pdb_blocks (certain): PodDisruptionBudget data/web (minAvailable 2) allows none of its 2 pods to be evicted, even when all are healthy.",
  ]);
  expect(causesOf(guarded(false), "deployments")).toEqual([]);
  expect(causesOf(guarded(true), "deployments")).toEqual(["pdb_blocks"]);
  const updating = deployment("web", { spec: { replicas: 2 }, status: { updatedReplicas: 1 } });
  expect(causesOf({ ...guarded(true), deployments: [updating] }, "deployments")).toEqual([
    "rollout_pdb",
  ]);
});

test("a budget that waits for sick pods does its work", () => {
  const waits = object("web", {
    spec: { minAvailable: 1, selector: { matchLabels: { app: "web" } } },
    status: { disruptionsAllowed: 0, currentHealthy: 1, desiredHealthy: 1, expectedPods: 2 },
  });
  expect(causesOf({ ...guarded(true), poddisruptionbudgets: [waits] }, "deployments")).toEqual([]);
});

test("a node that is not ready, or under pressure, below the pods", () => {
  const on = (...conditions: readonly ReturnType<typeof condition>[]) => ({
    deployments: [deployment("web")],
    pods: [pod("web-1")],
    nodes: [node(false, [...conditions])],
  });
  expect(told(on(condition("Ready", "Unknown", "NodeStatusUnknown")), "deployments")).toEqual([
    "node_not_ready (certain): Node node-a is not ready (its kubelet has stopped reporting); 1 pod of this workload on it.",
  ]);
  const ready = condition("Ready", "True");
  const pressed = on(ready, condition("DiskPressure", "True", "KubeletHasDiskPressure"));
  expect(told(pressed, "deployments")).toEqual([
    "node_disk_pressure (possible): Node node-a has DiskPressure; 1 pod of this workload on it.",
  ]);
  const sick = {
    ...pressed,
    pods: [pod("web-1", { containers: [{ name: "app", ready: false }] })],
  };
  expect(findings(sick, "deployments")[0]?.confidence).toBe("certain");
  expect(causesOf(on(ready), "deployments")).toEqual([]);
  const elsewhere = { ...pressed, pods: [pod("web-1", { spec: { nodeName: "node-b" } })] };
  expect(causesOf({ ...elsewhere, nodes: pressed.nodes }, "deployments")).toEqual([
    "node_disk_pressure",
  ]);
});
