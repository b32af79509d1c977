import type { Records } from "#ports/index.ts";
import type { Journal } from "#ports/journal.ts";
import { actionsStore } from "./actions.ts";
import { approvalsStore } from "./approvals.ts";
import { auditStore } from "./audit.ts";
import { openDatabase } from "./database.ts";
import { journalStore, keysStore, reportsStore } from "./records.ts";

export interface Store extends Records {
  readonly journal: Journal;
  close(): Promise<void>;
}

export interface StoreSettings {
  readonly path: string;
  /** How long a write waits for another process's before it is refused. */
  readonly busyMs?: number;
}

/** Opens the store at a path (`:memory:` for one of this process alone) and brings its schema up to date. */
export async function openStore({ path, busyMs }: StoreSettings): Promise<Store> {
  const db = await openDatabase(path, busyMs);
  return {
    approvals: approvalsStore(db),
    actions: actionsStore(db),
    audit: auditStore(db),
    reports: reportsStore(db),
    keys: keysStore(db),
    journal: journalStore(db),
    close: () => db.destroy(),
  };
}
