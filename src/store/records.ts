import { randomBytes } from "node:crypto";
import * as z from "zod";
import { jsonObjectSchema } from "#domain/json.ts";
import { reportSchema } from "#domain/reports/report.ts";
import {
  type Journal,
  type JournalEntry,
  type JournalHead,
  SIMULATED_CLUSTER,
} from "#ports/journal.ts";
import type { Keys } from "#ports/keys.ts";
import type { Reports } from "#ports/reports.ts";
import type { Database } from "./database.ts";
import type { JournalHeadRow } from "./schema.ts";

const storedReport = reportSchema.extend({ createdAt: z.coerce.date() });

/** Reports in the database. */
export function reportsStore(db: Database): Reports {
  const parse = (row: { readonly record: string }) => storedReport.parse(JSON.parse(row.record));
  return {
    async save(report) {
      const row = {
        id: report.id,
        created_at: report.createdAt.toISOString(),
        record: JSON.stringify(report),
      };
      await db.insertInto("reports").values(row).execute();
    },
    async get(id) {
      const row = await db
        .selectFrom("reports")
        .selectAll()
        .where("id", "=", id)
        .executeTakeFirst();
      return row && parse(row);
    },
    async list(limit) {
      const rows = db.selectFrom("reports").selectAll().orderBy("created_at", "desc").limit(limit);
      return (await rows.execute()).map(parse);
    },
  };
}

const PASSPHRASE = "approver-passphrase";

/** Keys in the database. Who can read the file can read them. */
export function keysStore(db: Database): Keys {
  const find = (name: string) =>
    db.selectFrom("keys").select("value").where("name", "=", name).executeTakeFirst();
  return {
    async get(name) {
      const fresh = randomBytes(32).toString("base64");
      await db
        .insertInto("keys")
        .values({ name, value: fresh })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      return Buffer.from((await find(name))?.value ?? fresh, "base64");
    },
    passphrase: async () => (await find(PASSPHRASE))?.value,
    async setPassphrase(value) {
      await db
        .insertInto("keys")
        .values({ name: PASSPHRASE, value })
        .onConflict((conflict) => conflict.column("name").doUpdateSet({ value }))
        .execute();
    },
  };
}

/** The sandbox's journal in the database. */
export function journalStore(db: Database): Journal {
  return {
    open: (head) => openJournal(db, head),
    async since(seq) {
      const rows = db.selectFrom("journal").selectAll().where("seq", ">", seq).orderBy("seq");
      return (await rows.execute()).map(entry);
    },
    async append(at, effect) {
      const row = await db
        .insertInto("journal")
        .values({ at: at.toISOString(), effect: JSON.stringify(effect) })
        .returningAll()
        .executeTakeFirstOrThrow();
      return entry(row);
    },
    reset: () => reset(db),
  };
}

async function reset(db: Database): Promise<void> {
  await db.transaction().execute(forget);
}

/** The world's journal, and what was done in it; the audit log keeps that it was. */
async function forget(tx: Database): Promise<void> {
  await tx.deleteFrom("journal").execute();
  await tx.deleteFrom("journal_head").execute();
  const ofWorld = tx
    .selectFrom("actions")
    .select("id")
    .where("target_key", "like", `${SIMULATED_CLUSTER}/%`);
  await tx.deleteFrom("approvals").where("action_id", "in", ofWorld).execute();
  await tx.deleteFrom("actions").where("id", "in", ofWorld).execute();
}

async function openJournal(db: Database, head: JournalHead): Promise<JournalHead> {
  return db.transaction().execute(async (tx) => {
    const row = await tx.selectFrom("journal_head").selectAll().executeTakeFirst();
    if (row && row.scenario === head.scenario && row.seed === head.seed) return headOf(row);
    await forget(tx);
    const { scenario, seed } = head;
    const started_at = head.startedAt.toISOString();
    await tx.insertInto("journal_head").values({ id: 1, scenario, seed, started_at }).execute();
    return head;
  });
}

function headOf({ scenario, seed, started_at }: JournalHeadRow): JournalHead {
  return { scenario, seed, startedAt: new Date(started_at) };
}

function entry(row: { seq: number; at: string; effect: string }): JournalEntry {
  const effect = jsonObjectSchema.parse(JSON.parse(row.effect));
  return { seq: row.seq, at: new Date(row.at), effect };
}
