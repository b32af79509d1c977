import type { Release, ReleaseRef, Revision, RevisionContent } from "#domain/helm/release.ts";
import type { JsonObject } from "#domain/json.ts";

export interface RollbackRequest extends ReleaseRef {
  readonly revision: number;
  /** How long Helm waits for the workloads. */
  readonly timeoutSeconds: number;
}

/** The Helm releases of one cluster. */
export interface Releases {
  /** All namespaces when absent. Every status, pending and failed ones too. */
  list(filter: { readonly namespace?: string }, signal: AbortSignal): Promise<readonly Release[]>;
  /** Newest first. Throws `not_found` for an unknown release. */
  history(release: ReleaseRef, signal: AbortSignal): Promise<readonly Revision[]>;
  /** Throws `not_found` for an unknown revision. Values may hold secrets: they are not for showing as they are. */
  content(release: ReleaseRef, revision: number, signal: AbortSignal): Promise<RevisionContent>;
  /** With the chart's own defaults below those that the user gave. As `content`, otherwise. */
  allValues(release: ReleaseRef, revision: number, signal: AbortSignal): Promise<JsonObject>;
  /** Rolls back and waits. Throws `conflict` when another operation holds the release. */
  rollback(request: RollbackRequest, signal: AbortSignal): Promise<void>;
}
