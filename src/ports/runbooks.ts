import type { Runbook } from "#domain/runbooks/runbook.ts";

/** The runbooks on disk. */
export interface Runbooks {
  /** All of them, by slug. */
  list(): Promise<readonly Runbook[]>;
  /** The file's own text, for people. */
  source(slug: string): Promise<string | undefined>;
}
