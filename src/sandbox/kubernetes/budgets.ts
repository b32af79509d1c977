import type { KubeObject } from "#domain/kubernetes/object.ts";
import { selector } from "#sandbox/cluster/manifest.ts";
import { isReady } from "#sandbox/cluster/pods.ts";
import type { Budget, Stage } from "#sandbox/scenario.ts";
import type { At } from "./at.ts";
import { lastChange } from "./deployment-object.ts";
import { metadata, uidOf, version } from "./metadata.ts";

/** The story's disruption budgets, as their controller keeps them. */
export function budgetObjects({ budgets = [] }: Stage, at: At): readonly KubeObject[] {
  return budgets.map((budget) => budgetObject(budget, at));
}

function budgetObject({ app, minAvailable }: Budget, at: At): KubeObject {
  const past = at.history(app);
  const pods = past.pods(at.now);
  const healthy = pods.filter((pod) => isReady(pod, at.now)).length;
  return {
    apiVersion: "policy/v1",
    kind: "PodDisruptionBudget",
    metadata: metadata({
      name: app.name,
      namespace: app.namespace,
      uid: uidOf(at.seed, "PodDisruptionBudget", app.namespace, app.name),
      version: version(lastChange(past, at.now)),
      generation: 1,
      createdAt: app.revisions[0].at,
    }),
    spec: { minAvailable, selector: { matchLabels: selector(app) } },
    status: {
      observedGeneration: 1,
      expectedPods: pods.length,
      currentHealthy: healthy,
      desiredHealthy: minAvailable,
      disruptionsAllowed: Math.max(0, healthy - minAvailable),
    },
  };
}
