import { templateReads } from "#domain/kubernetes/template.ts";
import type { Workload } from "#domain/kubernetes/workload.ts";
import type { RecentChange } from "./change.ts";

/** The changes nearest to a time, newest first. */
export function nearest(
  changes: readonly RecentChange[],
  near: Date,
  most: number,
): readonly RecentChange[] {
  const distance = ({ at }: RecentChange) => Math.abs(at.getTime() - near.getTime());
  return changes
    .toSorted((a, b) => distance(a) - distance(b) || (a.object < b.object ? -1 : 1))
    .slice(0, most);
}

/** Labels by which charts and people name the app that an object belongs to. */
const APP_LABELS = ["app.kubernetes.io/instance", "app.kubernetes.io/name", "app", "k8s-app"];

/** Kinds that hold for a whole namespace or cluster. */
const COMMON = ["networkpolicies", "resourcequotas", "limitranges", "nodes"];

/** Whether the change may concern the workload: itself, what it reads, what is named or labelled like it. */
export function concerns(change: RecentChange, workload: Workload): boolean {
  const { ref, labels, release } = change;
  const { metadata, name, template } = workload;
  if (ref.kind === workload.kind || COMMON.includes(ref.kind)) {
    return COMMON.includes(ref.kind) || ref.name === name;
  }
  const own = metadata.annotations["meta.helm.sh/release-name"];
  if (own !== undefined && own === release) return true;
  const reads = templateReads(template).some(
    (read) => `${read.kind.toLowerCase()}s` === ref.kind && read.name === ref.name,
  );
  const alike = APP_LABELS.some(
    (label) => labels[label] !== undefined && labels[label] === metadata.labels[label],
  );
  return reads || alike || ref.name === name;
}
