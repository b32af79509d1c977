import * as z from "zod";
import { type Action, actionSchema, changedStates } from "#domain/approvals/action.ts";
import type { Actions, Lease } from "#ports/actions.ts";
import type { Database } from "./database.ts";
import type { ActionRow } from "./schema.ts";

/** Actions in the database. The row's columns repeat what is searched for; `record` is the whole. */
export function actionsStore(db: Database): Actions {
  return {
    async create(action) {
      await db
        .insertInto("actions")
        .values({ ...toRow(action), lease_holder: null, lease_until: null })
        .execute();
    },
    async get(id) {
      return read(
        await db.selectFrom("actions").selectAll().where("id", "=", id).executeTakeFirst(),
      );
    },
    move: (id, from, patch) =>
      change(db, id, (action) =>
        from.includes(action.state) ? { ...action, ...patch } : undefined,
      ),
    begin: (id, lease) => begin(db, id, lease),
    claimAbandoned: (now, lease) => claim(db, now, lease),
    async renew(id, lease) {
      await db
        .updateTable("actions")
        .set(leaseColumns(lease))
        .where("id", "=", id)
        .where("lease_holder", "=", lease.holder)
        .execute();
    },
    async appliedSince(since, targetKey) {
      let query = db
        .selectFrom("actions")
        .selectAll()
        .where("applied_at", ">=", since.toISOString())
        .where("state", "in", [...changedStates]);
      if (targetKey !== undefined) query = query.where("target_key", "=", targetKey);
      return (await query.orderBy("applied_at", "desc").execute()).map(fromRow);
    },
    async list(limit) {
      const query = db.selectFrom("actions").selectAll().orderBy("created_at", "desc").limit(limit);
      return (await query.execute()).map(fromRow);
    },
  };
}

function leaseColumns({ holder, until }: Lease) {
  return { lease_holder: holder, lease_until: until.toISOString() };
}

/** Reads, changes and writes one action in one transaction; `next` answers nothing to leave it alone. */
async function change(
  db: Database,
  id: string,
  next: (action: Action) => Action | undefined,
  lease?: Lease,
): Promise<Action | undefined> {
  return db.transaction().execute(async (tx) => {
    const row = await tx.selectFrom("actions").selectAll().where("id", "=", id).executeTakeFirst();
    const changed = row && next(fromRow(row));
    if (!changed) return undefined;
    const columns = { ...toRow(changed), ...(lease ? leaseColumns(lease) : {}) };
    await tx.updateTable("actions").set(columns).where("id", "=", id).execute();
    return changed;
  });
}

async function begin(db: Database, id: string, lease: Lease): Promise<Action | undefined> {
  try {
    return await change(
      db,
      id,
      (action) => (action.state === "pending" ? { ...action, state: "applying" } : undefined),
      lease,
    );
  } catch (error) {
    if (error instanceof Error && error.message.includes("UNIQUE")) return undefined;
    throw error;
  }
}

async function claim(db: Database, now: Date, lease: Lease): Promise<readonly Action[]> {
  const rows = await db
    .updateTable("actions")
    .set(leaseColumns(lease))
    .where("state", "in", ["applying", "applied"])
    .where("lease_until", "<=", now.toISOString())
    .returningAll()
    .execute();
  return rows.map(fromRow);
}

function toRow(action: Action): Omit<ActionRow, "lease_holder" | "lease_until"> {
  return {
    id: action.id,
    state: action.state,
    target_key: action.targetKey,
    created_at: action.createdAt.toISOString(),
    applied_at: action.appliedAt?.toISOString() ?? null,
    record: JSON.stringify(action),
  };
}

const storedSchema = actionSchema.extend({
  createdAt: z.coerce.date(),
  appliedAt: z.coerce.date().optional(),
  endedAt: z.coerce.date().optional(),
});

function read(row: ActionRow | undefined): Action | undefined {
  return row === undefined ? undefined : fromRow(row);
}

function fromRow(row: ActionRow): Action {
  return storedSchema.parse(JSON.parse(row.record));
}
