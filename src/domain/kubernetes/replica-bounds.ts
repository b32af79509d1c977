import * as z from "zod";
import type { Owner } from "#domain/approvals/action.ts";
import { OpsError } from "#errors.ts";
import { specOwners } from "./change-owners.ts";
import type { ReplicaBounds } from "./container-change.ts";
import type { KubeObject, WorkloadKind } from "./object.ts";
import { conditionSchema } from "./pod.ts";

const autoscalerSchema = z.object({
  spec: z.object({
    scaleTargetRef: z.object({ kind: z.string(), name: z.string() }),
    minReplicas: z.int().default(1),
    maxReplicas: z.int(),
  }),
  status: z
    .object({
      currentReplicas: z.int().default(0),
      desiredReplicas: z.int().default(0),
      conditions: z.array(conditionSchema).default([]),
    })
    .prefault({}),
});

/** A HorizontalPodAutoscaler as far as its bounds need. */
export interface BoundedScaler extends ReplicaBounds {
  readonly name: string;
  readonly namespace: string;
  readonly target: { readonly kind: string; readonly name: string };
  readonly current: number;
  /** What it wants now, within its bounds. */
  readonly desired: number;
  /** Why it cannot scale now; empty when it can. */
  readonly troubles: readonly string[];
}

export function readScaler({ metadata, ...rest }: KubeObject): BoundedScaler {
  const { spec, status } = autoscalerSchema.parse(rest);
  const off = status.conditions.filter(
    ({ type, status: is }) =>
      (type === "ScalingActive" || type === "AbleToScale") && is === "False",
  );
  return {
    name: metadata.name,
    namespace: metadata.namespace ?? "",
    target: spec.scaleTargetRef,
    ...{ min: spec.minReplicas, max: spec.maxReplicas },
    ...{ current: status.currentReplicas, desired: status.desiredReplicas },
    troubles: off.map(({ type, reason }) => `${type} is False (${reason})`),
  };
}

/** The kind of the workload that it scales, where it is one that rolls out. */
export function targetKind({ target }: BoundedScaler): WorkloadKind | undefined {
  if (target.kind === "Deployment") return "deployments";
  return target.kind === "StatefulSet" ? "statefulsets" : undefined;
}

/** The bounds with what was asked for; throws when they make no sense, or are as before. */
export function askedBounds(
  scaler: BoundedScaler,
  min: number | undefined,
  max: number | undefined,
): ReplicaBounds {
  const asked = { min: min ?? scaler.min, max: max ?? scaler.max };
  if (asked.min > asked.max) {
    throw new OpsError(
      "invalid_input",
      `${asked.min} replicas at least and ${asked.max} at most make no range.`,
      "Give min_replicas and max_replicas so that the first is not above the second.",
    );
  }
  if (asked.min === scaler.min && asked.max === scaler.max) {
    throw new OpsError(
      "no_change",
      `horizontalpodautoscaler/${scaler.name} already runs ${boundsText(scaler)}.`,
      "Give the bounds that are to differ: min_replicas, max_replicas or both.",
    );
  }
  return asked;
}

export function boundsText({ min, max }: ReplicaBounds): string {
  return `${min} to ${max} replicas`;
}

/** What the workload's count becomes as soon as the autoscaler looks, if its wish stays. */
export function countUnder({ min, max }: ReplicaBounds, current: number): number {
  return Math.min(max, Math.max(min, current));
}

/** What the bounds do to the pods. */
export function boundsImpact(scaler: BoundedScaler, after: ReplicaBounds, current: number): string {
  const label = `${scaler.target.kind.toLowerCase()}/${scaler.target.name}`;
  const count = countUnder(after, current);
  if (count > current) return `Adds ${count - current} to the ${current} pods of ${label}.`;
  if (count < current) return `Ends ${current - count} of the ${current} pods of ${label}.`;
  return `The ${current} pods of ${label} stay; from now on there may be ${boundsText(after)}.`;
}

export function boundsWarnings(scaler: BoundedScaler, after: ReplicaBounds): readonly string[] {
  return [
    ...scaler.troubles.map((trouble) => `It does not scale now: ${trouble}.`),
    ...(scaler.desired >= scaler.max && after.max <= scaler.max
      ? [`It is at its maximum of ${scaler.max} now: it would run more if it could.`]
      : []),
    ...(after.max < scaler.max ? ["A lower maximum leaves less room for the next peak."] : []),
    ...(after.min === after.max ? ["With equal bounds it scales no more."] : []),
  ];
}

/** KEDA makes an autoscaler of its own for each ScaledObject, and sets it back. */
export function boundsOwners(object: KubeObject): readonly Owner[] {
  const scaled = object.metadata.labels["scaledobject.keda.sh/name"];
  if (scaled === undefined) return specOwners(object);
  return [{ by: "KEDA", name: scaled, effect: "sets the bounds back to its own" }];
}
