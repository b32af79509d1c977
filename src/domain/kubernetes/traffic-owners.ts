import type { Owner } from "#domain/approvals/action.ts";
import type { KubeObject } from "./object.ts";

/** Argo Rollouts writes the selectors and weights of what it steers at its next step. */
export function rolloutOwners({ metadata }: Pick<KubeObject, "metadata">): readonly Owner[] {
  const rollout = metadata.annotations["argo-rollouts.argoproj.io/managed-by-rollouts"];
  if (rollout === undefined) return [];
  const effect = "sets the split back at its next step; promote or abort the rollout instead";
  return [{ by: "Operator", name: `Argo Rollout ${rollout}`, effect }];
}
