import { currentRevision } from "#domain/helm/healthy.ts";
import type { Revision } from "#domain/helm/release.ts";
import { OpsError } from "#errors.ts";

/** The revision asked for, else the current one. Throws `not_found` with those that there are. */
export function requireRevision(history: readonly Revision[], asked: number | undefined): Revision {
  const found =
    asked === undefined
      ? currentRevision(history)
      : history.find(({ revision }) => revision === asked);
  if (found !== undefined) return found;
  const known = history.slice(0, 20).map(({ revision }) => revision);
  const rest = history.length > known.length ? " and older ones" : "";
  throw new OpsError(
    "not_found",
    asked === undefined ? "The release has no revisions." : `There is no revision ${asked}.`,
    `There are ${known.join(", ") || "none"}${rest}.`,
  );
}
