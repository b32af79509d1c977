import type { Action, Target } from "#domain/approvals/action.ts";
import { isoSeconds } from "#domain/text/time.ts";
import type { ReleaseRef, Revision } from "./release.ts";

/** What is known of a revision from the history and from verifications on record. */
export interface Judged extends Revision {
  /** Deployed or superseded, and no verification on record says otherwise. */
  readonly healthy: boolean;
  readonly why: string;
  /** Someone rolled back from it: never chosen unasked. */
  readonly abandoned: boolean;
}

/** The outcome of the latest verification of a revision. */
export interface Verdict {
  readonly passed: boolean;
  readonly at: Date;
}

/** Verifications of this release's revisions, by revision; `actions` newest first. */
export function verdicts(
  actions: readonly Action[],
  release: ReleaseRef,
  place: string | undefined,
): ReadonlyMap<number, Verdict> {
  return verdictsOn(actions, { kind: "Release", ...release }, place);
}

/** As `verdicts`, of whatever has numbered revisions. */
export function verdictsOn(
  actions: readonly Action[],
  subject: Target,
  place: string | undefined,
): ReadonlyMap<number, Verdict> {
  const found = new Map<number, Verdict>();
  for (const action of actions) {
    const revision = action.applied?.facts.new_revision;
    if (typeof revision !== "number" || found.has(revision)) continue;
    if (!concerns(action, subject, place)) continue;
    if (action.state !== "passed" && action.state !== "failed") continue;
    const at = action.endedAt ?? action.appliedAt ?? action.createdAt;
    found.set(revision, { passed: action.state === "passed", at });
  }
  return found;
}

function concerns(action: Action, subject: Target, place: string | undefined): boolean {
  const { kind, name, namespace } = action.shown.target;
  return (
    kind === subject.kind &&
    name === subject.name &&
    namespace === subject.namespace &&
    action.place === place
  );
}

/** Judges every revision; order is kept. */
export function judgeRevisions(
  history: readonly Revision[],
  known: ReadonlyMap<number, Verdict>,
): readonly Judged[] {
  const left = new Map(history.flatMap((revision) => leftBy(revision, history)));
  return history.map((revision) => {
    const by = left.get(revision.revision);
    const { healthy, why } = judge(revision, known.get(revision.revision));
    const suffix = by === undefined ? "" : `, rolled back from by revision ${by}`;
    return { ...revision, healthy, why: why + suffix, abandoned: by !== undefined };
  });
}

/** Helm writes "Rollback to N" into the revision that a rollback makes. */
export function isRollback({ description }: Pick<Revision, "description">): boolean {
  return /^Rollback to \d+$/.test(description);
}

function leftBy(
  { revision, description }: Revision,
  history: readonly Revision[],
): readonly (readonly [number, number])[] {
  if (!isRollback({ description })) return [];
  const before = history.map((other) => other.revision).filter((other) => other < revision);
  return before.length === 0 ? [] : [[Math.max(...before), revision]];
}

function judge({ status }: Revision, verdict: Verdict | undefined) {
  if (status !== "deployed" && status !== "superseded") {
    return { healthy: false, why: `status ${status}` };
  }
  if (verdict === undefined) return { healthy: true, why: status };
  const when = isoSeconds(verdict.at);
  return verdict.passed
    ? { healthy: true, why: `${status}, verified ${when}` }
    : { healthy: false, why: `${status}, but its verification failed ${when}` };
}

/** Revisions that a rollback may choose unasked, newest first: healthy, older than the current, not abandoned. */
export function rollbackCandidates(judged: readonly Judged[]): readonly Judged[] {
  const current = currentRevision(judged)?.revision;
  return judged
    .filter(({ revision, healthy, abandoned }) => healthy && !abandoned && revision !== current)
    .sort((a, b) => b.revision - a.revision);
}

/** The newest revision, whatever its status: Helm's rollback starts from it. */
export function currentRevision<R extends Revision>(history: readonly R[]): R | undefined {
  return history.reduce<R | undefined>(
    (newest, next) => (newest && newest.revision > next.revision ? newest : next),
    undefined,
  );
}

/** An install, upgrade or rollback holds the release while it is in one of these. */
export function isPending({ status }: Revision): boolean {
  return status.startsWith("pending-") || status === "uninstalling";
}
