import { seesChanges } from "#domain/kubernetes/template.ts";
import type { Workload } from "#domain/kubernetes/workload.ts";
import { readersOf, workloadLabel } from "#domain/kubernetes/workload.ts";
import { atMost } from "#domain/text/at-most.ts";
import { diffFields, pathText } from "#domain/text/field-diff.ts";
import { count } from "#domain/text/table.ts";
import type { ContentDiff, ObjectChange } from "./diff.ts";
import { type HandMade, handMadeWarning } from "./hand-made.ts";
import { isRollback, type Judged } from "./healthy.ts";
import type { ManifestWorkload } from "./manifest.ts";

/** All that a rollback's plan says is made from this. */
export interface RollbackFacts {
  readonly release: string;
  readonly current: Judged;
  readonly target: Judged;
  readonly diff: ContentDiff;
  /** Workloads of the two revisions. */
  readonly before: readonly ManifestWorkload[];
  readonly after: readonly ManifestWorkload[];
  /** Those of `after` that are in the cluster now. */
  readonly live: readonly Workload[];
  /** Labels of live workloads whose replicas an autoscaler sets. */
  readonly autoscaled: ReadonlySet<string>;
  readonly handMade: readonly HandMade[];
}

/** Workloads that are told one by one. */
const MOST_NAMED = 6;
const MOST_WARNINGS = 12;

/** What happens to the pods. */
export function rollbackImpact(facts: RollbackFacts): string {
  const replaced = facts.after.filter((workload) => replacesPods(workload, facts));
  const kept = facts.after.filter((workload) => !replaced.includes(workload));
  const labels = atMost(kept.map(workloadLabel), MOST_NAMED, "workload");
  const sentences = [
    ...atMost(
      replaced.map((workload) => replacement(workload, facts)),
      MOST_NAMED,
      "workload",
    ),
    ...(kept.length > 0 ? [`Keeps the pods of ${labels.join(", ")}.`] : []),
  ];
  return sentences.join(" ") || "The release has no workloads: no pods are replaced.";
}

function replacesPods(workload: ManifestWorkload, { before }: RollbackFacts): boolean {
  const same = before.find((other) => workloadLabel(other) === workloadLabel(workload));
  return diffFields(same?.template, workload.template).length > 0;
}

function replacement(workload: ManifestWorkload, facts: RollbackFacts): string {
  const label = workloadLabel(workload);
  const live = liveOf(workload, facts);
  if (live === undefined) return `Creates ${label}.`;
  const manner = live.strategy === "Recreate" ? ", all at once: no pod serves meanwhile" : "";
  const pods = count(live.desired, "pod");
  return live.paused
    ? `Changes ${label}, which is paused: its pods stay until somebody resumes it.`
    : `Replaces the ${pods} of ${label}${manner}.`;
}

function liveOf(workload: ManifestWorkload, { live }: RollbackFacts): Workload | undefined {
  return live.find((other) => workloadLabel(other) === workloadLabel(workload));
}

/** What could surprise the person who says yes. */
export function rollbackWarnings(facts: RollbackFacts): readonly string[] {
  const { diff, target, current } = facts;
  const found = [
    ...(isRollback(current)
      ? [
          `Revision ${current.revision} is itself a rollback: see whether it helped before going further back.`,
        ]
      : []),
    ...(target.abandoned ? [`Revision ${target.revision} is no clean choice: ${target.why}.`] : []),
    ...diff.objects.flatMap(deletionWarning),
    ...diff.objects.flatMap(fixedFieldWarning),
    ...facts.after.flatMap((workload) => replicaWarning(workload, facts)),
    ...diff.objects.flatMap((object) => staleReaders(object, facts)),
    ...facts.handMade.flatMap(handMadeWarning),
  ];
  return [...atMost(found, MOST_WARNINGS, "warning"), HOOKS];
}

const HOOKS =
  "Hooks of the chart run again. Database migrations, data and custom resource definitions are not taken back.";

function deletionWarning({ kind, name, change }: ObjectChange): readonly string[] {
  if (change !== "removed") return [];
  const loss = kind === "PersistentVolumeClaim" ? ", and with it perhaps its data" : "";
  return [`Deletes ${kind} ${name}${loss}.`];
}

/** Fields that the API refuses to change on an object that exists. */
const FIXED = /^spec\.(selector|volumeClaimTemplates|serviceName|podManagementPolicy)\b/;

function fixedFieldWarning({ kind, name, fields }: ObjectChange): readonly string[] {
  if (!["Deployment", "StatefulSet", "DaemonSet"].includes(kind)) return [];
  const fixed = fields.map(({ path }) => pathText(path)).find((path) => FIXED.test(path));
  if (fixed === undefined) return [];
  return [
    `The API refuses to change ${fixed} of ${kind} ${name} in place: expect the rollback to fail.`,
  ];
}

function replicaWarning(workload: ManifestWorkload, facts: RollbackFacts): readonly string[] {
  const live = liveOf(workload, facts);
  const { replicas } = workload;
  if (live === undefined || replicas === undefined || live.desired === replicas) return [];
  const label = workloadLabel(workload);
  const after = facts.autoscaled.has(label) ? "; its autoscaler then sets the count again" : "";
  return [`${label} has ${count(live.desired, "replica")} now and gets ${replicas}${after}.`];
}

/** Workloads whose pods stay and do not see a ConfigMap or Secret that changes under them. */
function staleReaders(object: ObjectChange, facts: RollbackFacts): readonly string[] {
  const { kind, name, change } = object;
  if (change !== "changed" || (kind !== "ConfigMap" && kind !== "Secret")) return [];
  const staying = facts.after
    .filter((workload) => !replacesPods(workload, facts))
    .map(workloadLabel);
  return readersOf({ kind, name }, facts.live).flatMap(({ workload, reads }) => {
    const label = workloadLabel(workload);
    if (!staying.includes(label) || reads.every(seesChanges)) return [];
    return [`The pods of ${label} stay and see the changed ${kind} ${name} only after a restart.`];
  });
}

/** What is done, in one sentence. */
export function rollbackSummary(
  { release, current, target }: RollbackFacts,
  choice: string,
): string {
  const to = `revision ${target.revision} (${target.chart}, app ${target.appVersion})`;
  const from = `revision ${current.revision} (${current.chart}, app ${current.appVersion})`;
  return `Roll release ${release} back from ${from} to ${to}. ${choice}`;
}
