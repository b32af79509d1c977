import * as z from "zod";
import type { Finding } from "#domain/diagnosis/finding.ts";
import type { Analyzer } from "#domain/diagnosis/scope.ts";
import type { Snapshot } from "#domain/diagnosis/snapshot.ts";
import { type KubeObject, metadataSchema } from "#domain/kubernetes/object.ts";
import type { Condition } from "#domain/kubernetes/pod.ts";
import { conditionOf, holding } from "./conditions.ts";
import { conditionEvidence, label, scoped, sinceOf } from "./scoped.ts";

const autoscalerSchema = z.object({
  metadata: metadataSchema,
  spec: z.object({
    scaleTargetRef: z.object({ kind: z.string().default("Deployment"), name: z.string() }),
    minReplicas: z.int().default(1),
    maxReplicas: z.int(),
  }),
  status: z
    .object({
      currentReplicas: z.int().default(0),
      desiredReplicas: z.int().default(0),
      lastScaleTime: z.string().nullish(),
    })
    .prefault({}),
});
export type Autoscaler = z.output<typeof autoscalerSchema>;

type AutoscalerRule = (
  scaler: Autoscaler,
  object: KubeObject,
  snapshot: Snapshot,
) => Finding | undefined;

/** An analyzer of each autoscaler in scope. */
export function eachAutoscaler(rule: AutoscalerRule): Analyzer {
  return (scope, snapshot) =>
    scoped(scope, "horizontalpodautoscalers").flatMap((object) => {
      return rule(autoscalerSchema.parse(object), object, snapshot) ?? [];
    });
}

/** The controller's words when a container of the target asks for none of the resource. */
const NO_REQUEST = /missing request for ([\w./-]+)(?: in container ([\w.-]+))?/;

/** Condition ScalingActive False, reason FailedGet…Metric: "missing request for cpu in container web of Pod web-1". */
export const hpaNoRequests = eachAutoscaler((scaler, object) => {
  const condition = failedMetric(object);
  const [, resource, container] = NO_REQUEST.exec(condition?.message ?? "") ?? [];
  if (condition === undefined || resource === undefined) return;
  const who = container === undefined ? "a container" : `container ${container}`;
  return {
    cause: "hpa_no_requests",
    confidence: "certain",
    summary: `${label("HorizontalPodAutoscaler", scaler)} cannot compute ${resource} utilisation: ${who} of ${targetText(scaler)} requests no ${resource}.`,
    ...conditionParts(scaler, condition),
    remedy: `Set a ${resource} request on every container of the target, sidecars too.`,
    next: targetCall(scaler),
  };
});

/**
 * Condition ScalingActive False for want of a metric. While pods are young the controller says so too, for a minute
 * or two: metrics need a few scrapes.
 */
export const hpaNoMetrics = eachAutoscaler((scaler, object, snapshot) => {
  const condition = failedMetric(object);
  if (condition === undefined || NO_REQUEST.test(condition.message)) return;
  const api = metricsApi(snapshot, condition);
  return {
    cause: "hpa_no_metrics",
    confidence: isYoung(scaler, snapshot.now) ? "possible" : "certain",
    summary: `${label("HorizontalPodAutoscaler", scaler)} gets no metrics for ${targetText(scaler)} (${condition.reason})${api === undefined ? "" : `: ${api.why}`}.`,
    ...conditionParts(scaler, condition),
    remedy: api
      ? "Bring the metrics API back (metrics-server for cpu and memory); until then the count stays as it is."
      : "Check that the metric exists and that its adapter serves it; until then the count stays as it is.",
    next: { tool: "kubectl_get", args: { resource_type: "apiservices" } },
  };
});

function failedMetric(object: KubeObject): Condition | undefined {
  const active = conditionOf(object, "ScalingActive");
  const failed = active?.status === "False" && /Metric/.test(active.reason);
  return failed ? active : undefined;
}

const YOUNG_MINUTES = 3;

function isYoung({ metadata }: Autoscaler, now: Date): boolean {
  const created = new Date(metadata.creationTimestamp ?? 0);
  return now.getTime() - created.getTime() < YOUNG_MINUTES * 60_000;
}

/** Which API serves the metric, when it is missing or down. */
function metricsApi(snapshot: Snapshot, { reason }: Condition) {
  const group = /External/.test(reason)
    ? "external.metrics.k8s.io"
    : /Resource/.test(reason)
      ? "metrics.k8s.io"
      : "custom.metrics.k8s.io";
  if (snapshot.unread.includes("apiservices")) return undefined;
  const served = snapshot.of("apiservices").filter(({ metadata }) => metadata.name.endsWith(group));
  const [api] = served.filter(({ metadata }) => /^v\d\w*\.[a-z]/.test(metadata.name));
  if (api === undefined) return { why: `no APIService serves ${group}` };
  return holding(api, "Available")
    ? undefined
    : { why: `APIService ${api.metadata.name} is not available` };
}

/** Condition ScalingLimited True, TooManyReplicas: it wants more than it may have. That may be as intended. */
export const hpaAtMaximum = eachAutoscaler((scaler, object) => {
  const limited = holding(object, "ScalingLimited");
  const { maxReplicas } = scaler.spec;
  if (limited?.reason !== "TooManyReplicas" || scaler.status.currentReplicas < maxReplicas) return;
  return {
    cause: "hpa_at_maximum",
    confidence: "likely",
    summary: `${label("HorizontalPodAutoscaler", scaler)} wants more replicas of ${targetText(scaler)} than its maximum of ${maxReplicas} and runs all of them.`,
    ...conditionParts(scaler, limited),
    remedy:
      "Check that the load is real, then raise the maximum if nodes and dependencies can carry more.",
    next: {
      tool: "kubectl_get",
      args: {
        resource_type: "horizontalpodautoscalers",
        name: scaler.metadata.name,
        namespace: scaler.metadata.namespace ?? "default",
      },
    },
  };
});

function conditionParts(scaler: Autoscaler, condition: Condition) {
  return {
    evidence: [conditionEvidence(label("HorizontalPodAutoscaler", scaler), condition)],
    affected: [label(scaler.spec.scaleTargetRef.kind, targetOf(scaler))],
    ...sinceOf(condition.lastTransitionTime),
  };
}

export function targetOf({ metadata, spec }: Autoscaler): Pick<KubeObject, "metadata"> {
  return { metadata: { ...metadata, name: spec.scaleTargetRef.name } };
}

export function targetText({ spec }: Autoscaler): string {
  return `${spec.scaleTargetRef.kind} ${spec.scaleTargetRef.name}`;
}

function targetCall({ metadata, spec }: Autoscaler) {
  const { kind, name } = spec.scaleTargetRef;
  const { namespace = "default" } = metadata;
  return {
    tool: "kubectl_get",
    args: { resource_type: `${kind.toLowerCase()}s`, name, namespace },
  };
}
