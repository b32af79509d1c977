import type { Right } from "#domain/kubernetes/access.ts";
import type { WorkloadRef, Workloads } from "#ports/workloads.ts";
import type { Call } from "#tools/tool.ts";
import { rehearse } from "./existing.ts";
import { checkRights } from "./rights.ts";

/** What would forbid the change: rights that are missing, else the server's word on a dry run of it. */
export async function tryOut(
  rights: readonly Right[],
  change: () => Promise<unknown>,
  workloads: Workloads,
  call: Pick<Call, "mode" | "signal">,
): Promise<readonly string[]> {
  const missing = await checkRights(rights, workloads, call);
  return missing.length > 0 ? missing : rehearse(change);
}

/** The right to change one workload. */
export function patchRight({ kind, namespace, name }: WorkloadRef): Right {
  return { verb: "patch", group: "apps", resource: kind, namespace, name };
}
