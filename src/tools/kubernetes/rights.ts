import { type Right, roleFor } from "#domain/kubernetes/access.ts";
import { OpsError } from "#errors.ts";
import type { Workloads } from "#ports/workloads.ts";
import type { Call } from "#tools/tool.ts";

/**
 * Asks the API server for each right that a change needs. Where one is missing, a live plan is refused before anybody
 * is asked, and a rehearsal is warned; both carry the Role to add.
 */
export async function checkRights(
  rights: readonly Right[],
  workloads: Workloads,
  { mode, signal }: Pick<Call, "mode" | "signal">,
): Promise<readonly string[]> {
  const allowed = await Promise.all(rights.map((right) => workloads.may(right, signal)));
  const missing = rights.filter((_, index) => !allowed[index]);
  if (missing.length === 0) return [];
  const message = `These credentials may not ${missing.map(rightText).join(", nor ")}.`;
  const hint = `A person grants it:\n${roleFor(missing)}`;
  if (mode === "live") throw new OpsError("access_denied", message, hint);
  return [`${message} ${hint}`];
}

function rightText({ verb, group, resource, subresource, namespace }: Right): string {
  const kind = group === "" ? resource : `${resource}.${group}`;
  const part = subresource === undefined ? kind : `${kind}/${subresource}`;
  return `${verb} ${part}${namespace === undefined ? "" : ` in namespace ${namespace}`}`;
}
