import * as z from "zod";
import type { KubeObject } from "#domain/kubernetes/object.ts";
import { type Condition, conditionSchema } from "#domain/kubernetes/pod.ts";

const schema = z.object({
  status: z.object({ conditions: z.array(conditionSchema).nullish() }).prefault({}),
});

/** The conditions of an object of any kind. */
export function readConditions(object: KubeObject): readonly Condition[] {
  return schema.safeParse(object).data?.status.conditions ?? [];
}

/** The condition of that type, whatever its status. */
export function conditionOf(object: KubeObject, type: string): Condition | undefined {
  return readConditions(object).find((condition) => condition.type === type);
}

/** The condition of that type when it holds. */
export function holding(object: KubeObject, type: string): Condition | undefined {
  const found = conditionOf(object, type);
  return found?.status === "True" ? found : undefined;
}
