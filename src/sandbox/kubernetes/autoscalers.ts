import * as z from "zod";
import type { KubeObject } from "#domain/kubernetes/object.ts";
import { holding } from "#sandbox/cluster/holding.ts";
import type { Stage } from "#sandbox/scenario.ts";
import type { At } from "./at.ts";
import { version } from "./metadata.ts";

const autoscalerSchema = z.object({
  spec: z.looseObject({ scaleTargetRef: z.looseObject({ name: z.string() }) }),
});

/** Name of the deployment that the autoscaler scales. */
export function scaledBy(autoscaler: KubeObject): string {
  return autoscalerSchema.parse(autoscaler).spec.scaleTargetRef.name;
}

/** The autoscaler with the bounds that it was given since, and the count that it brought about. */
export function bounded(autoscaler: KubeObject, { apps }: Stage, at: At): KubeObject {
  const { spec } = autoscalerSchema.parse(autoscaler);
  const { metadata } = autoscaler;
  const app = apps.find(
    ({ namespace, name }) => namespace === metadata.namespace && name === spec.scaleTargetRef.name,
  );
  const past = app && at.history(app);
  const state = past && holding(past.course.bounds, at.now);
  const replicas = past?.generation(at.now)?.replicas;
  if (!state || state.autoscaler !== metadata.name) return autoscaler;
  const bounds = { minReplicas: state.min, maxReplicas: state.max };
  return {
    ...autoscaler,
    metadata: {
      ...metadata,
      resourceVersion: version(state.at, past.course.bounds.length),
    },
    spec: { ...spec, ...bounds },
    status: { currentReplicas: past.pods(at.now).length, desiredReplicas: replicas },
  };
}
