import type { Fields, Manifest } from "./manifest.ts";
import { merged } from "./pods.ts";
import { ago, object, type Scene } from "./scene.ts";

export interface AutoscalerParts {
  readonly min?: number;
  readonly max?: number;
  readonly current: number;
  readonly desired?: number;
  /** Utilisation in percent; none when it is not known. */
  readonly utilization?: number;
  readonly conditions?: readonly Fields[];
}

const TARGET = 70;

/** kube-controller-manager, podautoscaler/horizontal.go: its conditions, reasons and messages. */
export function autoscaler(scene: Scene, parts: AutoscalerParts): Manifest {
  const { min = 2, max = 6, current, desired = current, utilization } = parts;
  const target = { type: "Utilization", averageUtilization: TARGET };
  const spec = {
    scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: scene.app },
    minReplicas: min,
    maxReplicas: max,
    metrics: [{ type: "Resource", resource: { name: "cpu", target } }],
  };
  const status = {
    currentReplicas: current,
    desiredReplicas: desired,
    lastScaleTime: ago(scene, 45),
    currentMetrics: utilization === undefined ? null : [measured(utilization)],
    conditions: merged(working(scene), parts.conditions ?? []),
  };
  return object(scene, ["autoscaling/v2", "HorizontalPodAutoscaler", scene.app], { spec, status });
}

function measured(averageUtilization: number): Fields {
  const current = { averageUtilization, averageValue: `${averageUtilization}m` };
  return { type: "Resource", resource: { name: "cpu", current } };
}

export function condition(
  scene: Scene,
  [type, status, reason, message]: readonly [string, string, string, string],
  minutes: number,
): Fields {
  return { type, status, reason, message, lastTransitionTime: ago(scene, minutes) };
}

function working(scene: Scene): readonly Fields[] {
  const lines = [
    ["AbleToScale", "True", "ReadyForNewScale", "recommended size matches current size"],
    [
      "ScalingActive",
      "True",
      "ValidMetricFound",
      "the HPA was able to successfully calculate a replica count from cpu resource utilization (percentage of request)",
    ],
    [
      "ScalingLimited",
      "False",
      "DesiredWithinRange",
      "the desired count is within the acceptable range",
    ],
  ] as const;
  return lines.map((line) => condition(scene, line, 4_000));
}
