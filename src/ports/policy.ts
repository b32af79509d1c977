import type { Policy } from "#domain/policy/policy.ts";

/** The rules on actions. Read anew for each action, so that an edit acts at once. */
export interface PolicySource {
  /** The defaults when there is no file. Throws `policy_unreadable` when there is one that cannot be read. */
  load(): Promise<Policy>;
}
