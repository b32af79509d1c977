import * as z from "zod";
import type { KubeObject } from "#domain/kubernetes/object.ts";
import type { App } from "#sandbox/cluster/app.ts";
import type { AppHistory } from "#sandbox/cluster/history.ts";
import { holding } from "#sandbox/cluster/holding.ts";
import type { Fixture, Stage } from "#sandbox/scenario.ts";
import type { At } from "./at.ts";
import { time, version } from "./metadata.ts";

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
  if (!past) return autoscaler;
  const state = holding(past.course.bounds, at.now);
  const given = state?.autoscaler === metadata.name ? state : undefined;
  if (!given && !app.autoscaler) return autoscaler;
  return {
    ...autoscaler,
    metadata: given
      ? { ...metadata, resourceVersion: version(given.at, past.course.bounds.length) }
      : metadata,
    spec: given ? { ...spec, minReplicas: given.min, maxReplicas: given.max } : spec,
    status: {
      currentReplicas: past.pods(at.now).length,
      desiredReplicas: past.generation(at.now)?.replicas,
      ...(app.autoscaler ? { conditions: conditions(past, at.now) } : {}),
    },
  };
}

/** What the autoscaler says of itself: utilization is of the request, and there may be none. */
function conditions(past: AppHistory, now: number) {
  const { app } = past.course;
  const { at, source } = past.generation(now) ?? {};
  const blind = source?.values.resources.requests.cpu === undefined;
  const pod = past.pods(now)[0]?.name ?? "";
  const condition = (type: string, holds: boolean, reason: string, message: string) => ({
    ...{ type, status: holds ? "True" : "False", reason, message },
    lastTransitionTime: time(at ?? now),
  });
  return [
    condition(
      "AbleToScale",
      true,
      "SucceededGetScale",
      "the HPA controller was able to get the target's current scale",
    ),
    blind
      ? condition(
          "ScalingActive",
          false,
          "FailedGetResourceMetric",
          `the HPA was unable to compute the replica count: failed to get cpu utilization: missing request for cpu in container ${app.name} of Pod ${pod}`,
        )
      : condition(
          "ScalingActive",
          true,
          "ValidMetricFound",
          "the HPA was able to successfully calculate a replica count from cpu resource utilization (percentage of request)",
        ),
  ];
}

/** An autoscaler of that name as its chart would have it. */
export function autoscalerFixture(
  app: App,
  createdAt: number,
  bounds: { readonly min: number; readonly max: number },
): Fixture {
  const target = { type: "Utilization", averageUtilization: 70 };
  return {
    kind: "horizontalpodautoscalers",
    apiVersion: "autoscaling/v2",
    objectKind: "HorizontalPodAutoscaler",
    namespace: app.namespace,
    name: app.name,
    createdAt,
    body: {
      spec: {
        scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: app.name },
        minReplicas: bounds.min,
        maxReplicas: bounds.max,
        metrics: [{ type: "Resource", resource: { name: "cpu", target } }],
      },
      status: { currentReplicas: bounds.min, desiredReplicas: bounds.min },
    },
  };
}
