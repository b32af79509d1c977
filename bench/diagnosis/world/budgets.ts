import type { Fields, Manifest } from "./manifest.ts";
import { ago, object, type Scene } from "./scene.ts";

export interface BudgetParts {
  readonly name?: string;
  readonly minAvailable: number | string;
  readonly expected: number;
  readonly healthy: number;
  readonly desired: number;
  readonly matchLabels?: Fields;
}

/** kube-controller-manager, disruption/disruption.go updatePdbStatus. */
export function budget(scene: Scene, parts: BudgetParts): Manifest {
  const { expected, healthy, desired, minAvailable } = parts;
  const allowed = Math.max(0, healthy - desired);
  const condition = {
    type: "DisruptionAllowed",
    status: allowed > 0 ? "True" : "False",
    reason: allowed > 0 ? "SufficientPods" : "InsufficientPods",
    message: "",
    observedGeneration: 1,
    lastTransitionTime: ago(scene, 600),
  };
  return object(
    scene,
    ["policy/v1", "PodDisruptionBudget", parts.name ?? scene.app],
    {
      spec: { minAvailable, selector: { matchLabels: parts.matchLabels ?? { app: scene.app } } },
      status: {
        observedGeneration: 1,
        expectedPods: expected,
        currentHealthy: healthy,
        desiredHealthy: desired,
        disruptionsAllowed: allowed,
        conditions: [condition],
      },
    },
    { generation: 1 },
  );
}
