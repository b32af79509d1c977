import { closeSync, mkdirSync, openSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Kysely, SqliteDialect, sql } from "kysely";
import { Migrator } from "kysely/migration";
import { OpsError } from "#errors.ts";
import { migrations } from "./migrations.ts";
import type { Tables } from "./schema.ts";

export type Database = Kysely<Tables>;

/** How long a write waits for another process's before it is refused. */
const BUSY_MS = 10_000;

/** Opens, and brings up to date, the database at a path (`:memory:` for one of this process alone). */
export async function openDatabase(path: string, busyMs = BUSY_MS): Promise<Database> {
  const database = unlessUnavailable(path, () => connect(path, busyMs));
  const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database }) });
  try {
    await migrate(db);
    return db;
  } catch (error) {
    await db.destroy();
    throw error instanceof OpsError ? error : unavailable(path, error);
  }
}

function connect(path: string, timeout: number) {
  if (path !== ":memory:") createFile(path);
  const raw = new DatabaseSync(path, { timeout });
  raw.exec("pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on");
  return adapted(path, raw);
}

/** The store holds keys: its folder and file are its owner's alone, and SQLite gives its other files the same mode. */
function createFile(path: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  closeSync(openSync(path, "a", 0o600));
}

/** Kysely expects better-sqlite3's shape: parameters in one array, and a statement that says if it reads. */
function adapted(path: string, raw: DatabaseSync) {
  const guarded = <T>(work: () => T) => unlessUnavailable(path, work);
  return {
    close: () => raw.close(),
    prepare(text: string) {
      // A deferred transaction that reads and then writes fails at once when another process wrote between.
      const statement = guarded(() => raw.prepare(text === "begin" ? "begin immediate" : text));
      const bound = (parameters: readonly unknown[]) => parameters.map(bindable);
      return {
        reader: statement.columns().length > 0,
        all: (parameters: readonly unknown[]) => guarded(() => statement.all(...bound(parameters))),
        run: (parameters: readonly unknown[]) => {
          // A full disk has ended the transaction already; a complaint about that would hide why.
          if (text === "rollback" && !raw.isTransaction) return { changes: 0, lastInsertRowid: 0 };
          return guarded(() => statement.run(...bound(parameters)));
        },
        iterate: (parameters: readonly unknown[]) => statement.iterate(...bound(parameters)),
      };
    },
  };
}

/** SQLite's own code for a row that breaks a constraint: an answer, not a fault. */
const CONSTRAINT = 19;

/** A database that is locked, full, read-only or broken is an expected failure of every call. */
function unlessUnavailable<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const inSqlite = error instanceof Error && "errcode" in error;
    const constraint = inSqlite && (Number(error.errcode) & 0xff) === CONSTRAINT;
    const inFiles = error instanceof Error && "syscall" in error;
    throw (inSqlite || inFiles) && !constraint ? unavailable(path, error) : error;
  }
}

function bindable(value: unknown): string | number | bigint | null {
  if (typeof value === "string" || typeof value === "number" || typeof value === "bigint") {
    return value;
  }
  if (value === null || value === undefined) return null;
  throw new TypeError(`cannot store a ${typeof value}`);
}

/** Several processes may come at once: the first takes the write lock, the others find the work done. */
async function migrate(db: Database): Promise<void> {
  await db.connection().execute(async (connection) => {
    await sql`begin immediate`.execute(connection);
    const migrator = new Migrator({
      db: connection,
      provider: { getMigrations: async () => migrations },
    });
    const { error } = await migrator.migrateToLatest();
    await (error ? sql`rollback` : sql`commit`).execute(connection);
    if (error) throw error;
  });
}

function unavailable(path: string, cause: unknown): OpsError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  const [what, hint] = reason.includes("previously executed migration")
    ? ["was made by a newer version of Firewatch.", "Use that version, or another --state-dir."]
    : [`cannot be used: ${reason}.`, hintFor(reason)];
  return new OpsError("store_unavailable", `The store ${path} ${what}`, hint, { cause });
}

function hintFor(reason: string): string {
  return reason.includes("locked")
    ? "Another process keeps it locked: try again in a moment, and look for one that hangs."
    : "Check that the folder exists, is writable and has space, or set --state-dir.";
}
