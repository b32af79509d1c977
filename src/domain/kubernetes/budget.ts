import * as z from "zod";
import { count } from "#domain/text/table.ts";
import { type KubeObject, metadataSchema } from "./object.ts";
import { selectorSchema, selects } from "./selector.ts";

const budgetSchema = z.object({
  metadata: metadataSchema,
  spec: z.object({ selector: selectorSchema.optional() }).prefault({}),
  status: z
    .object({
      disruptionsAllowed: z.int().default(0),
      currentHealthy: z.int().default(0),
      desiredHealthy: z.int().default(0),
      expectedPods: z.int().default(0),
    })
    .prefault({}),
});

/** A PodDisruptionBudget: how many of its pods may be evicted now. */
export type Budget = z.output<typeof budgetSchema>;

/** The budgets among these that cover the pod. One without a selector covers none. */
export function budgetsOf(
  { metadata }: Pick<KubeObject, "metadata">,
  objects: readonly KubeObject[],
): readonly Budget[] {
  return objects
    .filter((object) => object.metadata.namespace === metadata.namespace)
    .map((object) => budgetSchema.parse(object))
    .filter(({ spec }) => spec.selector !== undefined && selects(spec.selector, metadata.labels));
}

export function budgetName({ metadata }: Budget): string {
  return `${metadata.namespace ?? ""}/${metadata.name}`;
}

/** What the budget counts, in our own words. */
export function budgetText(budget: Budget): string {
  const { currentHealthy, desiredHealthy, disruptionsAllowed } = budget.status;
  return `Budget ${budgetName(budget)} needs ${desiredHealthy} of ${count(budget.status.expectedPods, "pod")} healthy and has ${currentHealthy}: it allows ${count(disruptionsAllowed, "eviction")} now.`;
}
