import type { AuditEntry, AuditRecord } from "#domain/approvals/audit.ts";

/** The append-only log of every decision and outcome, each record chained to the one before. */
export interface Audit {
  append(entry: AuditEntry): Promise<AuditRecord>;
  /** Oldest first, from `after` (exclusive), at most `limit`. */
  read(after: number, limit: number): Promise<readonly AuditRecord[]>;
}
