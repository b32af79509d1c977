import type { Verdict } from "#domain/helm/healthy.ts";
import type { FieldChange } from "#domain/text/field-diff.ts";
import { isoSeconds } from "#domain/text/time.ts";
import { hasCondition, type Pod } from "./pod.ts";
import { revisionBefore, type TemplateRevision } from "./revisions.ts";
import { type RolloutFacts, rolloutState } from "./rollout.ts";
import { substance } from "./template-diff.ts";
import { isOwnedBy, type Workload } from "./workload.ts";

/** One revision of a workload, as a person compares it with the others. */
export interface HistoryEntry extends TemplateRevision {
  readonly current: boolean;
  readonly pods: number;
  readonly readyPods: number;
  /** What is known of its health. Pods of old revisions are gone, and with them what they did. */
  readonly healthy: "yes" | "no" | "unknown";
  readonly why: string;
  /** The revision that came before, when it is kept, and what changed since. */
  readonly since:
    | { readonly revision: number; readonly changes: readonly FieldChange[] }
    | undefined;
}

/** The revisions, newest first, each judged and compared; `known` are verifications on record. */
export function rolloutHistory(
  workload: Workload,
  revisions: readonly TemplateRevision[],
  facts: RolloutFacts,
  known: ReadonlyMap<number, Verdict>,
): readonly HistoryEntry[] {
  const newest = revisions[0]?.revision;
  return revisions.map((each) => {
    const own = facts.pods.filter((pod) => runs(pod, each));
    const current = each.revision === newest;
    const verdict = known.get(each.revision);
    return {
      ...each,
      current,
      pods: own.length,
      readyPods: own.filter((pod) => hasCondition(pod, "Ready")).length,
      ...(current ? judgeCurrent(workload, facts, verdict) : judgePast(verdict)),
      since: changesSince(each, revisions),
    };
  });
}

/** Pods of a StatefulSet are labelled with the whole name of their revision, those of a DaemonSet with its end. */
function runs({ metadata }: Pod, { keeper }: TemplateRevision): boolean {
  const { uid, name } = keeper.metadata;
  const hash = metadata.labels["controller-revision-hash"];
  const labelled = hash !== undefined && (name === hash || name.endsWith(`-${hash}`));
  return labelled || isOwnedBy({ metadata }, uid);
}

type Judgement = Pick<HistoryEntry, "healthy" | "why">;

function judgeCurrent(
  workload: Workload,
  facts: RolloutFacts,
  verdict: Verdict | undefined,
): Judgement {
  const { state, why } = rolloutState(workload, facts);
  if (state !== "done")
    return { healthy: "no", why: `rollout ${state}: ${why.replace(/\.$/, "")}` };
  if (workload.ready < workload.desired) {
    return { healthy: "no", why: `${workload.ready} of ${workload.desired} ready` };
  }
  if (verdict === undefined) return { healthy: "yes", why: "ready now" };
  const past = judgePast(verdict);
  return verdict.passed ? { ...past, why: `ready now, ${past.why}` } : past;
}

function judgePast(verdict: Verdict | undefined): Judgement {
  if (verdict === undefined) return { healthy: "unknown", why: "nothing on record" };
  const at = isoSeconds(verdict.at);
  return verdict.passed
    ? { healthy: "yes", why: `verified ${at}` }
    : { healthy: "no", why: `its verification failed ${at}` };
}

function changesSince(
  { revision, template }: TemplateRevision,
  all: readonly TemplateRevision[],
): HistoryEntry["since"] {
  const before = revisionBefore(revision, all);
  if (before === undefined) return undefined;
  return { revision: before.number, changes: substance(before.kept.template, template) };
}
