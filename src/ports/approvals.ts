import type { Approval, Decision } from "#domain/approvals/approval.ts";

/** Requests for a person's word. Every change of state is one conditional update: who comes second gets `undefined`. */
export interface Approvals {
  create(approval: Approval): Promise<void>;
  byCode(code: string): Promise<Approval | undefined>;
  /** The open request of this principal for the same binds, if it still waits. */
  pendingFor(bindsHash: string, principal: string, now: Date): Promise<Approval | undefined>;
  /** From pending to approved or declined. `undefined` when it was not pending or had expired. */
  decide(code: string, decision: Decision): Promise<Approval | undefined>;
  /** From approved to used, once. `undefined` when it was not approved or had expired. */
  consume(code: string, now: Date): Promise<Approval | undefined>;
  /** Ends an approval whose plan no longer holds. */
  void(code: string): Promise<void>;
  /** Pending and not expired, oldest first. */
  waiting(now: Date): Promise<readonly Approval[]>;
}
