import * as z from "zod";
import type { Check } from "./health.ts";
import { podState } from "./pods.ts";
import type { RolloutFacts } from "./rollout.ts";
import { podsOf, type Workload } from "./workload.ts";

/** How many of a workload's pods are well, kept with a plan to compare with afterwards. */
export const standingSchema = z.object({
  desired: z.int(),
  ready: z.int(),
  failing: z.int(),
});
export type Standing = z.output<typeof standingSchema>;

export function standing(workload: Workload, facts: RolloutFacts): Standing {
  const pods = podsOf(workload, facts.replicaSets, facts.pods);
  const states = pods.map((pod) => podState(pod, facts.now));
  const failing = states.filter(({ health }) => health === "failing").length;
  return { desired: workload.desired, ready: workload.ready, failing };
}

/** Whether no more pods fail than before the change. */
export function comparison(label: string, before: Standing, now: Standing): Check {
  return {
    name: `${label}: no worse than before`,
    ok: now.failing <= before.failing,
    evidence: `Before: ${standingText(before)}. Now: ${standingText(now)}.`,
  };
}

function standingText({ desired, ready, failing }: Standing): string {
  return `${ready} of ${desired} ready, ${failing === 0 ? "none" : failing} failing`;
}
