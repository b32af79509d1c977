import type { JsonObject } from "../json.ts";

/** One thing that happened. Arguments are redacted before they come here. */
export interface AuditEntry {
  /** Wall clock. */
  readonly at: Date;
  readonly event:
    | "call"
    | "refused"
    | "approval_requested"
    | "approval_decided"
    | "approval_attempt"
    | "apply_intended"
    | "apply_ended"
    | "verified";
  readonly principal: string;
  readonly client: string;
  readonly tool?: string;
  readonly outcome: string;
  readonly actionId?: string;
  readonly durationMs?: number;
  readonly detail: JsonObject;
}

export interface AuditRecord extends AuditEntry {
  readonly seq: number;
  readonly prevHash: string;
  readonly hash: string;
}
