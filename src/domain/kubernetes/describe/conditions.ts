import * as z from "zod";
import type { KubeObject } from "#domain/kubernetes/object.ts";
import { type Condition, conditionSchema } from "#domain/kubernetes/pod.ts";
import { age } from "#domain/kubernetes/pods.ts";

/** One condition, and how long it has been so. */
export interface ConditionFact {
  readonly type: string;
  readonly status: string;
  /** `3h 5m`; empty when the object does not say. */
  readonly since: string;
  readonly reason: string;
  /** Untrusted text. */
  readonly message: string;
  /** Whether it tells of trouble. */
  readonly bad: boolean;
}

const conditionsSchema = z.object({ conditions: z.array(conditionSchema).default([]) });

/** Conditions that tell of trouble when they hold. All others do when they do not. */
const TROUBLES =
  /Pressure$|Unavailable$|Failure$|Failed$|Problem$|^(Degraded|Stalled|Denied|DisruptionTarget|FailureTarget|OutOf.*|Paused|NamesConflict|.*Error)$/;
/** Neither way is trouble. */
const NEUTRAL = /^(ScalingLimited|Progressing|Suspended|Reconciling|Complete|SuccessCriteriaMet)$/;

/** Says of a pod what Ready says. */
const REPEATED = "ContainersReady";

/** An object's conditions, those that tell of trouble first. */
export function conditionFacts({ status }: KubeObject, now: Date): readonly ConditionFact[] {
  const parsed = conditionsSchema.safeParse(status);
  const conditions = parsed.success ? parsed.data.conditions : [];
  const facts = conditions.map(({ type, status: held, reason, message, lastTransitionTime }) => ({
    type,
    status: held,
    since: age(lastTransitionTime, now),
    reason,
    message,
    bad: isBad({ type, status: held }),
  }));
  return facts
    .filter(({ type }) => type !== REPEATED)
    .sort((a, b) => Number(b.bad) - Number(a.bad));
}

function isBad({ type, status }: Pick<Condition, "type" | "status">): boolean {
  if (type === "Progressing") return status === "False";
  if (NEUTRAL.test(type)) return false;
  return TROUBLES.test(type) ? status === "True" : status !== "True";
}
