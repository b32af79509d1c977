import * as z from "zod";
import type { RecentChange } from "#domain/kubernetes/changes/change.ts";
import { concerns, nearest } from "#domain/kubernetes/changes/choose.ts";
import { foldJoins } from "#domain/kubernetes/changes/nodes.ts";
import { underReleases } from "#domain/kubernetes/changes/releases.ts";
import type { Workload } from "#domain/kubernetes/workload.ts";
import { count } from "#domain/text/table.ts";
import { isoSeconds, resolveTime } from "#domain/text/time.ts";
import { withinTokens } from "#domain/text/tokens.ts";
import { resolveWindow } from "#domain/text/window.ts";
import { HOUR, MINUTE, shift, type TimeWindow } from "#domain/window.ts";
import { OpsError } from "#errors.ts";
import type { Workloads } from "#ports/workloads.ts";
import { defineQuery } from "#tools/define.ts";
import { kubeNameField, limitField, namespaceField, timeField } from "#tools/fields.ts";
import { windowShape, windowText } from "#tools/time-fields.ts";
import { templateDiffs } from "./change-diffs.ts";
import { changeLines, changeRow, changeRowOf } from "./change-rows.ts";
import { namespaceError } from "./missing.ts";
import { workloadsNamed } from "./named-workload.ts";
import { type Found, recentChanges } from "./recent-changes.ts";

/** What led to an incident is looked for in this time before it. */
const DEFAULT_SPAN = 2 * HOUR;
const MAX_DAYS = 31;
/** The cluster's clock may be ahead of ours by so much. */
const SKEW = 5 * MINUTE;
const MAX_ROWS = 100;
/** Room for the rows as JSON, so that an answer stays below 2,000 tokens. */
const MAX_TOKENS = 1_400;

const input = z.strictObject({
  namespace: namespaceField,
  all_namespaces: z.boolean().default(false).describe("Every namespace."),
  workload: kubeNameField.optional().describe("Only what may concern it."),
  since: timeField.optional().describe("Default: 2h before near or now."),
  near: timeField.optional().describe("When trouble began."),
  limit: limitField(15, MAX_ROWS),
});
type Input = z.output<typeof input>;

const output = z.object({
  namespace: z.string().optional().describe("Absent when all were searched."),
  workload: z.string().optional(),
  window: windowShape,
  near: z.string().optional(),
  total: z.int(),
  changes: z.array(changeRow).max(MAX_ROWS).describe("Newest first."),
  left_out: z.int().describe("Farthest from near, or oldest."),
  unread: z.array(z.string()).describe("Kinds that may not be listed."),
  next: z.string(),
});
type Output = z.output<typeof output>;

export const listRecentChanges = defineQuery({
  name: "list_recent_changes",
  title: "List recent changes",
  description:
    "What changed in a namespace or cluster: rollouts with diff, Helm revisions, ConfigMap and Secret keys, scaling, policies, nodes; by whom, when, how near to a time.",
  needs: ["workloads", "clock"],
  place: "cluster",
  input,
  output,
  untrusted: ["changes[].who", "changes[].details[]"],
  async run(asked, { workloads, clock }, { signal }) {
    const now = clock.now();
    const near = asked.near === undefined ? undefined : resolveTime(asked.near, now);
    const window = windowOf(asked, near ?? now, now);
    const { scope, subjects } = await scopeOf(asked, workloads, signal);
    const until = { ...window, end: shift(window.end, SKEW) };
    const { changes: all, unread } = await read(scope, until, workloads, signal);
    const found = foldJoins(underReleases(all.filter(concerning(subjects))));
    const chosen = nearest(found, near ?? now, asked.limit);
    const diffs = await templateDiffs(chosen, workloads, signal);
    const rows = chosen.map((change) => changeRowOf(change, diffs, now, near));
    const changes = withinTokens(rows, MAX_TOKENS).sort((a, b) => (a.at < b.at ? 1 : -1));
    return {
      ...scope,
      ...(asked.workload === undefined ? {} : { workload: asked.workload }),
      window: windowText(window),
      ...(near === undefined ? {} : { near: isoSeconds(near) }),
      total: found.length,
      changes,
      left_out: found.length - changes.length,
      unread: [...unread],
      next: nextStep(asked, found.length, changes),
    };
  },
  render: (found) =>
    [headline(found), ...rowsText(found), ...unreadText(found), found.next]
      .filter((line) => line !== "")
      .join("\n"),
});

function windowOf({ since }: Input, near: Date, now: Date): TimeWindow {
  const start = since ?? isoSeconds(shift(near, -DEFAULT_SPAN));
  return resolveWindow({ start, end: "now", minutes: 0 }, now, MAX_DAYS);
}

/** Where to look, and the workloads that it is about. Throws for what there is not. */
async function scopeOf(
  { namespace, all_namespaces, workload }: Input,
  workloads: Workloads,
  signal: AbortSignal,
): Promise<{
  readonly scope: { readonly namespace?: string };
  readonly subjects: readonly Workload[] | undefined;
}> {
  if (all_namespaces && workload === undefined) return { scope: {}, subjects: undefined };
  if (all_namespaces) {
    throw new OpsError(
      "invalid_input",
      "workload and all_namespaces exclude each other.",
      "Name the workload's namespace.",
    );
  }
  const scope = { namespace };
  if (workload !== undefined) {
    return { scope, subjects: await workloadsNamed(workload, namespace, workloads, signal) };
  }
  return { scope, subjects: undefined };
}

/** Nothing is an answer, unless the namespace does not exist. */
async function read(
  scope: { readonly namespace?: string },
  window: TimeWindow,
  workloads: Workloads,
  signal: AbortSignal,
): Promise<Found> {
  const found = await recentChanges(scope, window, workloads, signal);
  const empty = found.changes.every(({ ref }) => ref.namespace === undefined);
  const error = empty && (await namespaceError(scope.namespace, workloads, signal));
  if (error) throw error;
  return found;
}

function concerning(subjects: readonly Workload[] | undefined) {
  return (change: RecentChange) =>
    subjects === undefined || subjects.some((subject) => concerns(change, subject));
}

function nextStep({ since, limit }: Input, total: number, changes: Output["changes"]): string {
  const shown = changes.length;
  if (total === 0) {
    return since === undefined
      ? "Give since to look further back. What was deleted leaves no trace here."
      : "What was deleted leaves no trace here.";
  }
  const helm = changes.some(({ kind }) => kind === "helm")
    ? "helm_diff shows the values that a Helm revision changed."
    : "";
  const wider = limit < MAX_ROWS && shown === limit ? "raise limit, or " : "";
  const more = total > shown ? `To see others, ${wider}narrow by workload, since or near.` : "";
  return [helm, more].filter((text) => text !== "").join(" ");
}

function headline({ namespace, workload, window, near, total, changes }: Output): string {
  const where = namespace === undefined ? "in all namespaces" : `in namespace ${namespace}`;
  const about = workload === undefined ? "" : ` that may concern ${workload}`;
  const to = near === undefined ? "" : `, by distance to ${near}`;
  const shown = changes.length < total ? ` (${changes.length} shown)` : "";
  const what = total === 0 ? "No changes" : count(total, "change");
  return `${what}${shown} ${where}${about} from ${window.start} to ${window.end}${to}.`;
}

function rowsText({ changes, namespace }: Output): readonly string[] {
  return changes.flatMap((row) => changeLines(row, namespace === undefined));
}

function unreadText({ unread }: Output): readonly string[] {
  return unread.length === 0
    ? []
    : [`Not seen, for these credentials may not list them: ${unread.join(", ")}.`];
}
