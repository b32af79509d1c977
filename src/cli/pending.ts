import type { Pending } from "#calls/approve.ts";
import type { ApprovalState } from "#domain/approvals/approval.ts";
import { isoSeconds } from "#domain/text/time.ts";

/** Why nobody can decide this approval any more; `undefined` while it waits. */
export function whyClosed({ approval, action }: Pending, now: Date): string | undefined {
  if (approval.state === "pending" && approval.expiresAt > now) return undefined;
  if (approval.state === "pending") return `expired at ${isoSeconds(approval.expiresAt)}`;
  const when = approval.decidedAt ? ` at ${isoSeconds(approval.decidedAt)}` : "";
  const who = approval.decidedBy ? ` by ${approval.decidedBy}` : "";
  const ended = action.note ? `: ${action.note}` : "";
  const words: Readonly<Record<Exclude<ApprovalState, "pending">, string>> = {
    approved: `has been approved${who}${when}`,
    declined: `has been declined${who}${when}`,
    used: "has been used; an approval serves once",
    void: `no longer serves${ended}`,
  };
  return words[approval.state];
}
