import { duration } from "#domain/text/time.ts";
import { MINUTE } from "#domain/window.ts";
import type { Release, ReleaseStatus } from "./release.ts";

/** Helm waits five minutes unless told otherwise; much longer, and its process is likely gone. */
const OVERDUE = 15 * MINUTE;

/** What is wrong with a release by its status, and what follows; `undefined` when nothing is. */
export function releaseTrouble(
  { status, updatedAt }: Pick<Release, "status" | "updatedAt">,
  now: Date,
): string | undefined {
  const age = now.getTime() - updatedAt.getTime();
  if (isOngoing(status)) {
    return age < OVERDUE
      ? `An operation began ${duration(age)} ago and holds it: nothing else can change it meanwhile.`
      : `An operation began ${duration(age)} ago and never ended: its process is likely gone. Helm refuses upgrades until a person clears it.`;
  }
  return MEANINGS[status];
}

function isOngoing(status: ReleaseStatus): boolean {
  return status.startsWith("pending-") || status === "uninstalling";
}

const MEANINGS: Partial<Record<ReleaseStatus, string>> = {
  failed:
    "Its last operation failed: objects of both revisions may run side by side. helm_history has Helm's own words.",
  unknown: "Helm cannot tell its state.",
};

/** Releases in trouble first, the longest since at the top; then by namespace and name. */
export function bySeverity(now: Date): (a: Release, b: Release) => number {
  const rank = (release: Release) => (releaseTrouble(release, now) === undefined ? 1 : 0);
  return (a, b) =>
    rank(a) - rank(b) ||
    (rank(a) === 0 ? a.updatedAt.getTime() - b.updatedAt.getTime() : 0) ||
    `${a.namespace}/${a.name}`.localeCompare(`${b.namespace}/${b.name}`);
}
