import { type Approval, type ApprovalState, channels } from "#domain/approvals/approval.ts";
import type { Approvals } from "#ports/approvals.ts";
import type { Database } from "./database.ts";
import type { ApprovalRow } from "./schema.ts";

const states: readonly ApprovalState[] = ["pending", "approved", "declined", "used", "void"];

/** Approvals in the database. */
export function approvalsStore(db: Database): Approvals {
  return { ...reading(db), ...deciding(db) };
}

function reading(db: Database): Pick<Approvals, "byCode" | "pendingFor" | "waiting"> {
  return {
    async byCode(code) {
      return read(
        await db.selectFrom("approvals").selectAll().where("code", "=", code).executeTakeFirst(),
      );
    },
    async pendingFor(bindsHash, principal, now) {
      const row = await db
        .selectFrom("approvals")
        .selectAll()
        .where("binds_hash", "=", bindsHash)
        .where("principal", "=", principal)
        .where("state", "=", "pending")
        .where("expires_at", ">", now.toISOString())
        .executeTakeFirst();
      return read(row);
    },
    async waiting(now) {
      const rows = await db
        .selectFrom("approvals")
        .selectAll()
        .where("state", "=", "pending")
        .where("expires_at", ">", now.toISOString())
        .orderBy("created_at")
        .execute();
      return rows.map(fromRow);
    },
  };
}

function deciding(db: Database): Pick<Approvals, "create" | "decide" | "consume" | "void"> {
  return {
    async create(approval) {
      await db.insertInto("approvals").values(toRow(approval)).execute();
    },
    async decide(code, { state, by, channel, at }) {
      const row = await db
        .updateTable("approvals")
        .set({ state, decided_by: by, channel, decided_at: at.toISOString() })
        .where("code", "=", code)
        .where("state", "=", "pending")
        .where("expires_at", ">", at.toISOString())
        .returningAll()
        .executeTakeFirst();
      return read(row);
    },
    async consume(code, now) {
      const row = await db
        .updateTable("approvals")
        .set({ state: "used" })
        .where("code", "=", code)
        .where("state", "=", "approved")
        .where("expires_at", ">", now.toISOString())
        .returningAll()
        .executeTakeFirst();
      return read(row);
    },
    async void(code) {
      await db
        .updateTable("approvals")
        .set({ state: "void" })
        .where("code", "=", code)
        .where("state", "in", ["pending", "approved"])
        .execute();
    },
  };
}

function toRow(approval: Approval): ApprovalRow {
  return {
    code: approval.code,
    action_id: approval.actionId,
    binds_hash: approval.bindsHash,
    principal: approval.principal,
    state: approval.state,
    created_at: approval.createdAt.toISOString(),
    expires_at: approval.expiresAt.toISOString(),
    decided_at: approval.decidedAt?.toISOString() ?? null,
    decided_by: approval.decidedBy ?? null,
    channel: approval.channel ?? null,
  };
}

function read(row: ApprovalRow | undefined): Approval | undefined {
  return row === undefined ? undefined : fromRow(row);
}

function fromRow(row: ApprovalRow): Approval {
  const channel = channels.find((known) => known === row.channel);
  return {
    code: row.code,
    actionId: row.action_id,
    bindsHash: row.binds_hash,
    principal: row.principal,
    // A state this version does not know can never be carried out.
    state: states.find((known) => known === row.state) ?? "void",
    createdAt: new Date(row.created_at),
    expiresAt: new Date(row.expires_at),
    ...(row.decided_at === null ? {} : { decidedAt: new Date(row.decided_at) }),
    ...(row.decided_by === null ? {} : { decidedBy: row.decided_by }),
    ...(channel === undefined ? {} : { channel }),
  };
}
