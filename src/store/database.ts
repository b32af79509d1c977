import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { Kysely, SqliteDialect, sql } from "kysely";
import { Migrator } from "kysely/migration";
import { OpsError } from "#errors.ts";
import { migrations } from "./migrations.ts";
import type { Tables } from "./schema.ts";

export type Database = Kysely<Tables>;

/** Opens, and brings up to date, the database at a path (`:memory:` for one of this process alone). */
export async function openDatabase(path: string): Promise<Database> {
  try {
    const db = new Kysely<Tables>({ dialect: new SqliteDialect({ database: connect(path) }) });
    await migrate(db);
    return db;
  } catch (error) {
    throw unavailable(path, error);
  }
}

function connect(path: string) {
  if (path !== ":memory:") mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  const raw = new DatabaseSync(path, { timeout: 10_000 });
  raw.exec("pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on");
  return adapted(raw);
}

/** Kysely expects better-sqlite3's shape: parameters in one array, and a statement that says if it reads. */
function adapted(raw: DatabaseSync) {
  return {
    close: () => raw.close(),
    prepare(text: string) {
      // A deferred transaction that reads and then writes fails at once when another process wrote between.
      const statement = raw.prepare(text === "begin" ? "begin immediate" : text);
      return {
        reader: statement.columns().length > 0,
        all: (parameters: readonly unknown[]) => statement.all(...parameters.map(bindable)),
        run: (parameters: readonly unknown[]) => statement.run(...parameters.map(bindable)),
        iterate: (parameters: readonly unknown[]) => statement.iterate(...parameters.map(bindable)),
      };
    },
  };
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
  const newer = reason.includes("previously executed migration");
  return new OpsError(
    "store_unavailable",
    newer
      ? `The store ${path} was made by a newer version of Firewatch.`
      : `The store ${path} cannot be opened: ${reason}`,
    newer
      ? "Use that version, or another --state-dir."
      : "Check that the folder exists, is writable and has space, or set --state-dir.",
    { cause },
  );
}
