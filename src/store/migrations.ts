import { type Kysely, sql } from "kysely";
import type { Migration } from "kysely/migration";

/** In order; a migration that has been released is never edited. */
export const migrations: Readonly<Record<string, Migration>> = {
  "0001-approvals-actions-audit": { up: first },
};

async function first(db: Kysely<unknown>): Promise<void> {
  await approvalsAndActions(db);
  await records(db);
  await journal(db);
}

async function approvalsAndActions(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("approvals")
    .addColumn("code", "text", (column) => column.primaryKey())
    .addColumn("action_id", "text", (column) => column.notNull())
    .addColumn("binds_hash", "text", (column) => column.notNull())
    .addColumn("principal", "text", (column) => column.notNull())
    .addColumn("state", "text", (column) => column.notNull())
    .addColumn("created_at", "text", (column) => column.notNull())
    .addColumn("expires_at", "text", (column) => column.notNull())
    .addColumn("decided_at", "text")
    .addColumn("decided_by", "text")
    .addColumn("channel", "text")
    .execute();
  await db.schema
    .createTable("actions")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("state", "text", (column) => column.notNull())
    .addColumn("target_key", "text", (column) => column.notNull())
    .addColumn("created_at", "text", (column) => column.notNull())
    .addColumn("applied_at", "text")
    .addColumn("lease_holder", "text")
    .addColumn("lease_until", "text")
    .addColumn("record", "text", (column) => column.notNull())
    .execute();
  // One change at a time per target, until it is verified.
  await sql`create unique index actions_busy on actions (target_key) where state in ('applying', 'applied')`.execute(
    db,
  );
  await db.schema.createIndex("actions_applied").on("actions").column("applied_at").execute();
}

async function records(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("audit")
    .addColumn("seq", "integer", (column) => column.primaryKey())
    .addColumn("entry", "text", (column) => column.notNull())
    .addColumn("prev_hash", "text", (column) => column.notNull())
    .addColumn("hash", "text", (column) => column.notNull())
    .execute();
  await db.schema
    .createTable("reports")
    .addColumn("id", "text", (column) => column.primaryKey())
    .addColumn("created_at", "text", (column) => column.notNull())
    .addColumn("record", "text", (column) => column.notNull())
    .execute();
  await db.schema
    .createTable("keys")
    .addColumn("name", "text", (column) => column.primaryKey())
    .addColumn("value", "text", (column) => column.notNull())
    .execute();
}

async function journal(db: Kysely<unknown>): Promise<void> {
  await db.schema
    .createTable("journal_head")
    .addColumn("id", "integer", (column) => column.primaryKey())
    .addColumn("scenario", "text", (column) => column.notNull())
    .addColumn("seed", "integer", (column) => column.notNull())
    .addColumn("started_at", "text", (column) => column.notNull())
    .execute();
  await db.schema
    .createTable("journal")
    .addColumn("seq", "integer", (column) => column.primaryKey().autoIncrement())
    .addColumn("at", "text", (column) => column.notNull())
    .addColumn("effect", "text", (column) => column.notNull())
    .execute();
}
