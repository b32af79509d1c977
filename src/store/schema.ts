import type { Generated } from "kysely";

/** Times are ISO 8601 text, so that they sort; JSON is text. */
export interface Tables {
  readonly approvals: ApprovalRow;
  readonly actions: ActionRow;
  readonly audit: AuditRow;
  readonly reports: ReportRow;
  readonly keys: { readonly name: string; readonly value: string };
  readonly journal_head: JournalHeadRow;
  readonly journal: {
    readonly seq: Generated<number>;
    readonly at: string;
    readonly effect: string;
  };
}

export interface ApprovalRow {
  readonly code: string;
  readonly action_id: string;
  readonly binds_hash: string;
  readonly principal: string;
  readonly state: string;
  readonly created_at: string;
  readonly expires_at: string;
  readonly decided_at: string | null;
  readonly decided_by: string | null;
  readonly channel: string | null;
}

export interface ActionRow {
  readonly id: string;
  readonly state: string;
  readonly target_key: string;
  readonly created_at: string;
  readonly applied_at: string | null;
  readonly lease_holder: string | null;
  readonly lease_until: string | null;
  /** The whole action. */
  readonly record: string;
}

export interface AuditRow {
  readonly seq: number;
  readonly entry: string;
  readonly prev_hash: string;
  readonly hash: string;
}

export interface ReportRow {
  readonly id: string;
  readonly created_at: string;
  readonly record: string;
}

export interface JournalHeadRow {
  readonly id: number;
  readonly scenario: string;
  readonly seed: number;
  readonly started_at: string;
}
