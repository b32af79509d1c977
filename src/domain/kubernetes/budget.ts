import * as z from "zod";
import { count } from "#domain/text/table.ts";
import { type KubeObject, metadataSchema } from "./object.ts";
import { selectorSchema, selects } from "./selector.ts";

/** A number of pods, or a share of them such as `25%`. */
const boundSchema = z.union([z.int(), z.string()]).optional();

const budgetSchema = z.object({
  metadata: metadataSchema,
  spec: z
    .object({
      minAvailable: boundSchema,
      maxUnavailable: boundSchema,
      selector: selectorSchema.optional(),
    })
    .prefault({}),
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

export function readBudget(object: KubeObject): Budget {
  return budgetSchema.parse(object);
}

/** The budgets among these that cover the pod. One without a selector covers none. */
export function budgetsOf(
  { metadata }: Pick<KubeObject, "metadata">,
  objects: readonly KubeObject[],
): readonly Budget[] {
  return objects
    .filter((object) => object.metadata.namespace === metadata.namespace)
    .map(readBudget)
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
