import type { AuditEntry, AuditRecord } from "#domain/approvals/audit.ts";
import { auditEntrySchema, chainHash, GENESIS } from "#domain/approvals/audit.ts";
import { OpsError } from "#errors.ts";
import type { Audit } from "#ports/audit.ts";
import type { Database } from "./database.ts";
import type { AuditRow } from "./schema.ts";

/** The audit log in the database: rows are added, never changed. */
export function auditStore(db: Database): Audit {
  return {
    append: (entry) => append(db, entry),
    async read(after, limit) {
      const rows = await db
        .selectFrom("audit")
        .selectAll()
        .where("seq", ">", after)
        .orderBy("seq")
        .limit(limit)
        .execute();
      return rows.map(fromRow);
    },
  };
}

async function append(db: Database, entry: AuditEntry): Promise<AuditRecord> {
  return db.transaction().execute(async (tx) => {
    const last = await tx
      .selectFrom("audit")
      .select(["seq", "hash"])
      .orderBy("seq", "desc")
      .limit(1)
      .executeTakeFirst();
    const seq = (last?.seq ?? 0) + 1;
    const prevHash = last?.hash ?? GENESIS;
    const hash = chainHash(prevHash, seq, entry);
    await tx
      .insertInto("audit")
      .values({ seq, entry: JSON.stringify(entry), prev_hash: prevHash, hash })
      .execute();
    return { ...entry, seq, prevHash, hash };
  });
}

/** What we never wrote is no record of ours. Throws `store_unavailable`. */
function fromRow({ seq, entry, prev_hash, hash }: AuditRow): AuditRecord {
  try {
    return { ...auditEntrySchema.parse(JSON.parse(entry)), seq, prevHash: prev_hash, hash };
  } catch (cause) {
    throw new OpsError(
      "store_unavailable",
      `Record ${seq} of the audit log cannot be read: the log was altered there.`,
      "Keep the store as it is, and find out who changed it.",
      { cause },
    );
  }
}
