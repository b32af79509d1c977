import type { BrokenRunbook, Runbook } from "#domain/runbooks/runbook.ts";

/** The runbooks on disk. Read anew each time, so that an edit acts at once. */
export interface Runbooks {
  /** All that can be used, by slug. */
  list(): Promise<readonly Runbook[]>;
  /** The files that cannot be used, and why. */
  broken(): Promise<readonly BrokenRunbook[]>;
  /** The file's own text, for people. */
  source(slug: string): Promise<string | undefined>;
}
