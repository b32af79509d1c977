import type { Verification } from "#domain/approvals/action.ts";
import type { Check } from "#domain/kubernetes/health.ts";
import type { KubeObject } from "#domain/kubernetes/object.ts";
import { comparison, type Standing, standing } from "#domain/kubernetes/standing.ts";
import { readWorkload, workloadLabel } from "#domain/kubernetes/workload.ts";
import type { Ports } from "#ports/index.ts";
import type { WorkloadRef } from "#ports/workloads.ts";
import type { Call } from "#tools/tool.ts";
import { factsOf } from "./observe.ts";
import { watchHealth } from "./watch-health.ts";

/** Waits for the workload to be well, then asks whether the change still stands and what is better than before. */
export async function watchChange(
  ref: WorkloadRef,
  before: Standing,
  stands: (object: KubeObject) => Omit<Check, "name">,
  ports: Pick<Ports, "workloads" | "clock">,
  call: Call,
): Promise<Omit<Verification, "at">> {
  const health = await watchHealth([ref], ports, call);
  const object = await ports.workloads.get(ref, call.signal);
  const label = workloadLabel(ref);
  if (!object) return { ...health, outcome: "failed" };
  const kept: Check = { name: `${label}: change kept`, ...stands(object) };
  const workload = readWorkload(ref.kind, object);
  const now = standing(workload, await factsOf(workload, ports, call.signal));
  const checks = [kept, comparison(label, before, now), ...health.checks];
  return { outcome: kept.ok ? health.outcome : "failed", checks };
}
