import type { Revision } from "./release.ts";

/** The revision that a rollback from `from` to `to` made, done, failed or still under way. */
export function rollbackMade(
  history: readonly Revision[],
  from: number,
  to: number,
): Revision | undefined {
  return history.find(({ revision, description, status }) => {
    if (revision <= from) return false;
    // Helm's words for a rollback that went well, and for one that did not.
    return (
      description === `Rollback to ${to}` ||
      /^Rollback ".*" failed/.test(description) ||
      status === "pending-rollback"
    );
  });
}

/** Whether a rollback from `from` to `to` reached the cluster. */
export function settleRollback(
  history: readonly Revision[],
  from: number,
  to: number,
): "applied" | "not_applied" | "unknown" {
  if (history.every(({ revision }) => revision <= from)) return "not_applied";
  const made = rollbackMade(history, from, to);
  return made === undefined || made.status === "pending-rollback" ? "unknown" : "applied";
}
