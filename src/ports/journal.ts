import type { JsonObject } from "#domain/json.ts";

/** How the sandbox's cluster is called, and so what its actions are told by. */
export const SIMULATED_CLUSTER = "sandbox";

/** What makes a sandbox's world: replaying it gives the same world in every process. */
export interface JournalHead {
  readonly scenario: string;
  readonly seed: number;
  /** Wall clock at which the world began. */
  readonly startedAt: Date;
}

export interface JournalEntry {
  readonly seq: number;
  /** Simulated time of the effect. */
  readonly at: Date;
  readonly effect: JsonObject;
}

export interface Journal {
  /** The world in use, begun with these values when there is none or when its scenario or seed differs. */
  open(head: JournalHead): Promise<JournalHead>;
  /** Entries after `seq`, oldest first. */
  since(seq: number): Promise<readonly JournalEntry[]>;
  append(at: Date, effect: JsonObject): Promise<JournalEntry>;
  /** Forgets the world and the actions in it; the next `open` begins anew. */
  reset(): Promise<void>;
}
