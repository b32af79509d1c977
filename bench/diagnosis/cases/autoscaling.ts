import type { CaseMaker, Told } from "../case.ts";
import { autoscaler, condition } from "../world/autoscalers.ts";
import { event } from "../world/events.ts";
import type { Fields, Manifest } from "../world/manifest.ts";
import { ago, type Scene } from "../world/scene.ts";
import type { App } from "../world/templates.ts";
import { deployment } from "../world/workloads.ts";

const REQUESTED = { resources: { requests: { cpu: "200m", memory: "128Mi" } } };

/** Asked about the autoscaler, or about what it scales. */
function asked(scene: Scene) {
  return { type: scene.random.chance(0.6) ? "hpa" : "deployment", name: scene.app } as const;
}

interface Blind {
  readonly why: string;
  readonly container: Fields;
}

/** podautoscaler/horizontal.go: FailedGetResourceMetric, FailedComputeMetricsReplicas. */
function blind(scene: Scene, { why, container }: Blind): Told {
  const message = `the HPA was unable to compute the replica count: failed to get cpu utilization: ${why}`;
  const minutes = scene.random.int(20, 500);
  const app = deployment(scene, { container, replicas: 2 });
  const line = ["ScalingActive", "False", "FailedGetResourceMetric", message] as const;
  const hpa = autoscaler(scene, { current: 2, conditions: [condition(scene, line, minutes)] });
  const times = {
    component: "horizontal-pod-autoscaler",
    count: minutes * 4,
    first: minutes,
    last: 0.2,
  };
  const computed = `invalid metrics (1 invalid out of 1), first error is: failed to get cpu resource metric value: failed to get cpu utilization: ${why}`;
  return {
    subject: asked(scene),
    objects: [
      ...app.objects,
      hpa,
      event(scene, hpa, "FailedGetResourceMetric", `failed to get cpu utilization: ${why}`, times),
      event(scene, hpa, "FailedComputeMetricsReplicas", computed, times),
    ],
  };
}

/** podautoscaler/metrics/client.go. */
function noMetrics(scene: Scene): Told {
  const why = scene.random.pick([
    "unable to get metrics for resource cpu: unable to fetch metrics from resource metrics API: the server could not find the requested resource (get pods.metrics.k8s.io)",
    "unable to get metrics for resource cpu: unable to fetch metrics from resource metrics API: the server is currently unable to handle the request (get pods.metrics.k8s.io)",
    "unable to get metrics for resource cpu: no metrics returned from resource metrics API",
  ]);
  return blind(scene, { why, container: REQUESTED });
}

/** podautoscaler/replica_calculator.go calculatePodRequests. */
function noRequests(scene: Scene): Told {
  const pod = `${scene.app}-${scene.random.suffix(10)}-${scene.random.suffix(5)}`;
  const why = `missing request for cpu in container app of Pod ${pod}`;
  return blind(scene, { why, container: { resources: { limits: { memory: "256Mi" } } } });
}

function atMaximum(scene: Scene): Told {
  const max = scene.random.int(3, 6);
  const app = deployment(scene, { container: REQUESTED, replicas: max });
  const message = "the desired replica count is more than the maximum replica count";
  const line = ["ScalingLimited", "True", "TooManyReplicas", message] as const;
  const conditions = [condition(scene, line, scene.random.int(20, 200))];
  const utilization = scene.random.int(110, 260);
  const hpa = autoscaler(scene, { max, current: max, utilization, conditions });
  return { subject: asked(scene), objects: [...app.objects, hpa] };
}

/** Somebody applies replicas with the manifest every few minutes, and the autoscaler sets its own again. */
function fighting(scene: Scene): Told {
  const [low, high] = [2, scene.random.int(4, 6)];
  const app = deployment(scene, {
    container: REQUESTED,
    replicas: high,
    metadata: { managedFields: owners(scene) },
  });
  const hpa = autoscaler(scene, { max: 8, current: high, utilization: 74 });
  const rescaled = `New size: ${high}; reason: cpu resource utilization (percentage of request) above target`;
  const times = { component: "horizontal-pod-autoscaler", type: "Normal", count: 8 } as const;
  return {
    subject: asked(scene),
    objects: [
      ...app.objects,
      hpa,
      event(scene, hpa, "SuccessfulRescale", rescaled, { ...times, first: 55, last: 3 }),
      ...turns(scene, app, low, high),
    ],
  };
}

/** kube-controller-manager, deployment/sync.go scaleReplicaSet. */
function turns(scene: Scene, app: App, low: number, high: number): readonly Manifest[] {
  const set = app.maker.metadata.name;
  const times = { component: "deployment-controller", type: "Normal", count: 8 } as const;
  const say = (how: string, from: number, to: number, last: number) =>
    event(
      scene,
      app.owner,
      "ScalingReplicaSet",
      `Scaled ${how} replica set ${set} from ${from} to ${to}`,
      {
        ...times,
        first: last + 52,
        last,
      },
    );
  return [say("up", low, high, 3), say("down", high, low, 4)];
}

/** Who set `spec.replicas` last, by which way. */
function owners(scene: Scene): readonly Fields[] {
  const fieldsV1 = { "f:spec": { "f:replicas": {} } };
  const one = (manager: string, minutes: number, more: Fields) => ({
    manager,
    operation: "Update",
    apiVersion: "apps/v1",
    time: ago(scene, minutes),
    fieldsType: "FieldsV1",
    fieldsV1,
    ...more,
  });
  const other = scene.random.pick(["argocd-controller", "kubectl-client-side-apply", "flux"]);
  return [
    one(other, 4, { operation: other === "kubectl-client-side-apply" ? "Update" : "Apply" }),
    one("kube-controller-manager", 3, { subresource: "scale" }),
  ];
}

export const autoscaling: readonly CaseMaker[] = [
  { cause: "hpa_no_metrics", make: noMetrics },
  { cause: "hpa_no_requests", make: noRequests },
  { cause: "hpa_at_maximum", make: atMaximum },
  { cause: "hpa_fights_manifest", make: fighting },
];
