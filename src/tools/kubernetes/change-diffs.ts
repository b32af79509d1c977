import type { Comparison, RecentChange } from "#domain/kubernetes/changes/change.ts";
import type { KubeObject } from "#domain/kubernetes/object.ts";
import { rawTemplate } from "#domain/kubernetes/restart.ts";
import { keptTemplate } from "#domain/kubernetes/revisions.ts";
import { substance, templateDiffLines } from "#domain/kubernetes/template-diff.ts";
import { OpsError } from "#errors.ts";
import type { Workloads } from "#ports/workloads.ts";

/** Most rollouts whose templates are read: two reads for each. */
const MOST = 12;

/** What the rollouts among the changes changed, as lines, by rollout. */
export async function templateDiffs(
  changes: readonly RecentChange[],
  workloads: Workloads,
  signal: AbortSignal,
): Promise<ReadonlyMap<RecentChange, readonly string[]>> {
  const all = changes.flatMap((change) => [change, ...(change.parts ?? [])]);
  const compared = all.flatMap((change) =>
    change.compare ? [[change, change.compare] as const] : [],
  );
  const diffs = await Promise.all(
    compared.slice(0, MOST).map(async ([change, compare]) => {
      return [change, await diffOf(compare, workloads, signal)] as const;
    }),
  );
  return new Map(diffs);
}

async function diffOf(
  { kind, namespace, before, after }: Comparison,
  workloads: Workloads,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const read = (name: string) => seen(workloads.get({ kind, namespace, name }, signal));
  const [old, next] = await Promise.all([read(before), read(after)]);
  if (!old || !next) return [];
  const template = kind === "replicasets" ? rawTemplate : keptTemplate;
  const lines = templateDiffLines(substance(template(old), template(next)));
  return lines.map((line) => line.trimStart());
}

/** Nothing for an object that may not be read. */
async function seen(reading: Promise<KubeObject | undefined>): Promise<KubeObject | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (!(error instanceof OpsError) || error.code !== "access_denied") throw error;
    return undefined;
  }
}
