import type { KubeObject } from "#domain/kubernetes/object.ts";
import type { RolloutFacts } from "#domain/kubernetes/rollout.ts";
import { type Standing, standing } from "#domain/kubernetes/standing.ts";
import { readWorkload, type Workload, workloadLabel } from "#domain/kubernetes/workload.ts";
import type { Ports } from "#ports/index.ts";
import type { WorkloadRef } from "#ports/workloads.ts";
import { type AsRead, asRead, existing } from "./existing.ts";
import { type Kept, keptRevisions } from "./keepers.ts";

/** A workload as a plan finds it. */
export interface Examined {
  readonly ref: WorkloadRef;
  readonly object: KubeObject;
  readonly workload: Workload;
  readonly label: string;
  readonly facts: RolloutFacts;
  readonly revisions: Kept["revisions"];
  readonly expects: AsRead;
  readonly before: Standing;
}

export async function examine(
  ref: WorkloadRef,
  ports: Pick<Ports, "workloads" | "clock">,
  signal: AbortSignal,
): Promise<Examined> {
  const object = await existing(ref, ports.workloads, signal);
  const workload = readWorkload(ref.kind, object);
  const { revisions, facts } = await keptRevisions(workload, ports, signal);
  return {
    ...{ ref, object, workload, facts, revisions },
    label: workloadLabel(workload),
    expects: asRead(object),
    before: standing(workload, facts),
  };
}

/** The number that the next template gets. */
export function nextRevision({ revisions }: Pick<Examined, "revisions">): number {
  return (revisions[0]?.revision ?? 0) + 1;
}
