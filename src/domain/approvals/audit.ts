import * as z from "zod";
import { digest } from "#domain/digest.ts";
import { jsonObjectSchema, toJsonObject } from "#domain/json.ts";

/** One thing that happened. Arguments are redacted before they come here. `at` is wall clock. */
export const auditEntrySchema = z.object({
  at: z.coerce.date(),
  event: z.enum([
    "call",
    "refused",
    "approval_requested",
    "approval_decided",
    "approval_attempt",
    "apply_intended",
    "apply_ended",
    "verified",
  ]),
  principal: z.string(),
  client: z.string(),
  tool: z.string().optional(),
  outcome: z.string(),
  actionId: z.string().optional(),
  durationMs: z.number().optional(),
  detail: jsonObjectSchema,
});
export type AuditEntry = z.output<typeof auditEntrySchema>;

export interface AuditRecord extends AuditEntry {
  readonly seq: number;
  readonly prevHash: string;
  readonly hash: string;
}

/** What the first record is chained to. */
export const GENESIS = "0".repeat(64);

/** SHA-256, in hex, over the hash before, the number and the entry's canonical JSON. */
export function chainHash(prevHash: string, seq: number, entry: AuditEntry): string {
  return digest({ prevHash, seq, entry: toJsonObject(entry) });
}

/** The number of the first record that does not fit the one before it; `undefined` when all do. */
export function firstBreak(
  records: readonly AuditRecord[],
  after: { readonly seq: number; readonly hash: string } = { seq: 0, hash: GENESIS },
): number | undefined {
  let last = after;
  for (const record of records) {
    const { seq, prevHash, hash, ...entry } = record;
    const fits = seq === last.seq + 1 && prevHash === last.hash;
    if (!fits || chainHash(prevHash, seq, entry) !== hash) return seq;
    last = record;
  }
  return undefined;
}
