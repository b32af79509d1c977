import type { Told } from "./case.ts";
import { autoscaler, condition } from "./world/autoscalers.ts";
import { budget } from "./world/budgets.ts";
import { event } from "./world/events.ts";
import type { Manifest } from "./world/manifest.ts";
import { ingress, route, service } from "./world/network.ts";
import { isReady } from "./world/pods.ts";
import type { Scene } from "./world/scene.ts";

/** What a workload usually has around it, in the state that its pods put it into. Each is a consequence, never the cause. */
export function dressed(scene: Scene, told: Told): Told {
  const type = told.subject.type;
  if (type !== "deployment" && type !== "statefulset") return told;
  const kinds = new Set(told.objects.filter(isAbout(scene)).map(({ kind }) => kind));
  const pods = told.objects.filter((each) => each.kind === "Pod" && isAbout(scene)(each));
  const idle = told.objects.some(
    (each) => each.kind === "Deployment" && isAbout(scene)(each) && isIdle(each),
  );
  const front = kinds.has("Service") || scene.random.chance(0.4) ? [] : inFront(scene, pods);
  const bare = ["PodDisruptionBudget", "HorizontalPodAutoscaler"].some((kind) => kinds.has(kind));
  const around = [
    ...front,
    ...(bare || scene.random.chance(0.6) ? [] : [budgetOf(scene, pods)]),
    ...(bare || type !== "deployment" || scene.random.chance(0.6)
      ? []
      : autoscaled(scene, pods, idle)),
    ...startNoise(scene, pods),
  ];
  const asked = front.length > 0 && scene.random.chance(0.2);
  return {
    ...told,
    subject: asked ? { type: "service", name: scene.app } : told.subject,
    objects: [...told.objects, ...around],
  };
}

const isAbout =
  ({ namespace, app }: Scene) =>
  ({ metadata }: Manifest) =>
    metadata.namespace === namespace && (metadata.name === app || metadata.labels?.app === app);

function inFront(scene: Scene, pods: readonly Manifest[]): readonly Manifest[] {
  const made = service(scene, { pods: pods.filter(isPlaced) });
  if (scene.random.chance(0.5)) return made;
  const rules = route(scene, scene.app, { number: 80 });
  return [...made, ingress(scene, { ingressClassName: "nginx", rules })];
}

/** On a node and not ended: such pods are endpoints, ready or not. */
function isPlaced({ status }: Manifest): boolean {
  const { podIP, phase } = { podIP: undefined, phase: "", ...Object(status) };
  return podIP !== undefined && phase !== "Failed" && phase !== "Succeeded";
}

function budgetOf(scene: Scene, pods: readonly Manifest[]): Manifest {
  const healthy = pods.filter(isReady).length;
  const expected = Math.max(2, pods.length);
  return budget(scene, { minAvailable: 1, expected, healthy, desired: 1 });
}

/** podautoscaler/horizontal.go and replica_calculator.go: without a ready pod there is nothing to measure. */
function autoscaled(scene: Scene, pods: readonly Manifest[], idle: boolean): readonly Manifest[] {
  const current = idle ? 0 : Math.max(2, pods.length);
  if (pods.some(isReady)) return [autoscaler(scene, { max: 12, current, utilization: 48 })];
  if (idle) {
    const why = "scaling is disabled since the replica count of the target is zero";
    const line = ["ScalingActive", "False", "ScalingDisabled", why] as const;
    return [autoscaler(scene, { current, conditions: [condition(scene, line, 900)] })];
  }
  const why = `failed to get cpu utilization: ${
    pods.length > 0
      ? "did not receive metrics for targeted pods (pods might be unready)"
      : "no pods returned by selector while calculating replica count"
  }`;
  const message = `the HPA was unable to compute the replica count: ${why}`;
  const line = ["ScalingActive", "False", "FailedGetResourceMetric", message] as const;
  const hpa = autoscaler(scene, { max: 12, current, conditions: [condition(scene, line, 10)] });
  const times = { component: "horizontal-pod-autoscaler", count: 30, last: 0.3 };
  return [hpa, event(scene, hpa, "FailedGetResourceMetric", why, times)];
}

/** Whether nobody wants pods of it. */
function isIdle({ spec }: Manifest): boolean {
  return Object(spec).replicas === 0;
}

/** Warnings of a start that went well in the end, as nearly every rollout leaves them. */
function startNoise(scene: Scene, pods: readonly Manifest[]): readonly Manifest[] {
  return pods
    .filter((each) => isReady(each) && scene.random.chance(0.3))
    .map((pod) => {
      const last = startedMinutes(scene, pod) - 0.2;
      const [reason, message, component] = scene.random.pick([
        [
          "Unhealthy",
          'Readiness probe failed: Get "http://10.42.9.9:8080/ready": dial tcp 10.42.9.9:8080: connect: connection refused',
          "kubelet",
        ],
        [
          "FailedMount",
          'MountVolume.SetUp failed for volume "kube-api-access-x7k2p" : failed to sync configmap cache: timed out waiting for the condition',
          "kubelet",
        ],
        [
          "FailedScheduling",
          "0/3 nodes are available: 3 Insufficient cpu. preemption: 0/3 nodes are available: 3 No preemption victims found for incoming pod.",
          "default-scheduler",
        ],
      ] as const);
      return event(scene, pod, reason, message, { component, last });
    })
    .filter(({ metadata }) => isKept(scene, metadata.creationTimestamp));
}

function startedMinutes(scene: Scene, { metadata }: Manifest): number {
  return (scene.now.getTime() - Date.parse(metadata.creationTimestamp)) / 60_000;
}

/** Events are kept for an hour (kube-apiserver --event-ttl). */
function isKept({ now }: Scene, time: string): boolean {
  return now.getTime() - Date.parse(time) < 60 * 60_000;
}
