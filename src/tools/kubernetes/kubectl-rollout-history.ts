import * as z from "zod";
import { verdictsOn } from "#domain/helm/healthy.ts";
import { since } from "#domain/kubernetes/columns/row.ts";
import { workloadKinds } from "#domain/kubernetes/object.ts";
import { type HistoryEntry, rolloutHistory } from "#domain/kubernetes/rollout-history.ts";
import { templateDiffLines } from "#domain/kubernetes/template-diff.ts";
import { kindWord, readWorkload } from "#domain/kubernetes/workload.ts";
import { atMost } from "#domain/text/at-most.ts";
import { count } from "#domain/text/table.ts";
import { isoSeconds } from "#domain/text/time.ts";
import { clip, quoted } from "#domain/text/untrusted.ts";
import { defineQuery } from "#tools/define.ts";
import { kubeNameField, limitField, namespaceField } from "#tools/fields.ts";
import { existing } from "./existing.ts";
import { keptRevisions } from "./keepers.ts";
import { kindOf, workloadTypeField } from "./workload-type.ts";

/** Actions that are searched for verifications of this workload's revisions. */
const MOST_ACTIONS = 200;
/** Lines of one revision's diff, and characters of each. */
const MAX_LINES = 8;
const MAX_LINE = 200;
const MAX_CAUSE = 160;
const MAX_IMAGES = 4;
const MAX_REVISIONS = 20;

const revisionRow = z.object({
  revision: z.int(),
  current: z.boolean(),
  created_at: z.iso.datetime(),
  age: z.string(),
  images: z.array(z.string()),
  pods: z.int(),
  ready_pods: z.int(),
  healthy: z.enum(["yes", "no", "unknown"]),
  healthy_why: z.string(),
  change_cause: z.string(),
  earlier_numbers: z.array(z.int()).describe("Of the same template."),
  compared_with: z.int().optional().describe("The revision before; absent when none is kept."),
  diff: z.array(z.string()).describe("Of the pod template, to the revision before."),
});
type Row = z.output<typeof revisionRow>;

const output = z.object({
  kind: z.enum(workloadKinds),
  name: z.string(),
  namespace: z.string(),
  revisions: z.array(revisionRow).max(MAX_REVISIONS).describe("Newest first."),
  left_out: z.int().describe("Older revisions beyond `limit`."),
  next: z.string(),
});

export const kubectlRolloutHistory = defineQuery({
  name: "kubectl_rollout_history",
  title: "Rollout history",
  description:
    "Revisions of a workload: when, images, pod template diff to the one before, change cause, ready pods, and which are known to be healthy.",
  needs: ["workloads", "actions", "clock"],
  place: "cluster",
  input: z.strictObject({
    resource_type: workloadTypeField,
    name: kubeNameField.describe("Workload."),
    namespace: namespaceField,
    limit: limitField(5, MAX_REVISIONS),
  }),
  output,
  untrusted: ["revisions[].change_cause", "revisions[].diff[]"],
  async run({ resource_type, name, namespace, limit }, ports, call) {
    const ref = { kind: kindOf[resource_type], namespace, name };
    const workload = readWorkload(ref.kind, await existing(ref, ports.workloads, call.signal));
    const { revisions, facts } = await keptRevisions(workload, ports, call.signal);
    const subject = { kind: kindWord(ref.kind), namespace, name };
    const known = verdictsOn(await ports.actions.list(MOST_ACTIONS), subject, call.place);
    const entries = rolloutHistory(workload, revisions, facts, known);
    return {
      ...ref,
      revisions: entries.slice(0, limit).map((entry) => rowOf(entry, facts.now)),
      left_out: Math.max(0, entries.length - limit),
      next: nextStep(entries),
    };
  },
  render: ({ kind, name, namespace, revisions, left_out, next }) =>
    [
      `${kindWord(kind)} ${name} in namespace ${namespace}: ${headline(revisions, left_out)}`,
      ...revisions.flatMap(rowLines),
      ...(left_out > 0 ? [`${count(left_out, "older revision")} left out; raise limit.`] : []),
      next,
    ].join("\n"),
});

function rowOf(entry: HistoryEntry, now: Date): z.input<typeof revisionRow> {
  const lines = templateDiffLines(entry.since?.changes ?? []);
  return {
    revision: entry.revision,
    current: entry.current,
    created_at: isoSeconds(entry.createdAt),
    age: since(entry.createdAt, now),
    images: [...atMost(entry.images, MAX_IMAGES, "image")],
    pods: entry.pods,
    ready_pods: entry.readyPods,
    healthy: entry.healthy,
    healthy_why: entry.why,
    change_cause: clip(entry.changeCause, MAX_CAUSE),
    earlier_numbers: [...entry.earlier],
    ...(entry.since ? { compared_with: entry.since.revision } : {}),
    diff: atMost(lines, MAX_LINES, "line").map((line) => clip(line.trimStart(), MAX_LINE)),
  };
}

function nextStep(entries: readonly HistoryEntry[]): string {
  if (entries.length === 0) return "Its controller has kept no revision yet.";
  if (entries.length === 1) return "There is no earlier revision to return to.";
  return "ConfigMaps and Secrets are not part of a revision: list_recent_changes shows their edits.";
}

function headline(revisions: readonly Row[], leftOut: number): string {
  const total = revisions.length + leftOut;
  return total === 0 ? "no revisions." : `${count(total, "revision")}, newest first.`;
}

function rowLines(row: Row): readonly string[] {
  const { revision, current, created_at, age, images, pods, ready_pods, change_cause } = row;
  const again = row.earlier_numbers.length > 0 ? `, was ${row.earlier_numbers.join(", ")}` : "";
  const ready = pods > 0 ? `${ready_pods} of ${count(pods, "pod")} ready` : "no pods now";
  return [
    `Revision ${revision}${current ? " (current)" : ""}${again}: first rolled out ${created_at} (${age}); ${images.join(", ")}; ${ready}; healthy: ${row.healthy}, ${row.healthy_why}.`,
    ...(change_cause === "" ? [] : [`  cause: ${quoted(change_cause)}`]),
    ...diffLines(row),
  ];
}

function diffLines({ compared_with, diff }: Row): readonly string[] {
  if (compared_with === undefined) return ["  The revision before is not kept."];
  if (diff.length === 0) return [`  Same pod template as revision ${compared_with}.`];
  return [`  since revision ${compared_with}:`, ...diff.map((line) => `    ${line}`)];
}
