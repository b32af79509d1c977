import type { Action, ActionPatch, ActionState } from "#domain/approvals/action.ts";

/** Every action that was planned, and what became of it. */
export interface Actions {
  create(action: Action): Promise<void>;
  get(id: string): Promise<Action | undefined>;
  /** One conditional update. `undefined` when the action was in none of the states `from`. */
  move(id: string, from: readonly ActionState[], patch: ActionPatch): Promise<Action | undefined>;
  /**
   * From approved or planned to applying, with a lease, when nothing else is applied to the same target.
   * `undefined` when the target is busy or the action is in another state.
   */
  begin(id: string, lease: Lease): Promise<Action | undefined>;
  /** Takes over actions whose holder stopped renewing. */
  claimAbandoned(now: Date, lease: Lease): Promise<readonly Action[]>;
  renew(id: string, lease: Lease): Promise<void>;
  /** Applied since the given time, newest first; of one target when named. */
  appliedSince(since: Date, targetKey?: string): Promise<readonly Action[]>;
  list(limit: number): Promise<readonly Action[]>;
}

/** Who carries an action out, and until when nobody else may (wall clock). */
export interface Lease {
  readonly holder: string;
  readonly until: Date;
}
