import type { RunbookShape } from "./schema.ts";

/** One runbook, as read from its file and checked. */
export type Runbook = RunbookShape;

/** A runbook file that cannot be used, and why. */
export interface BrokenRunbook {
  readonly file: string;
  readonly cause: string;
}
