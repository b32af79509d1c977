import type { Risk } from "#domain/approvals/action.ts";
import type { JsonObject } from "#domain/json.ts";

/** A question for a person, for channels that can ask one. */
export interface Question {
  readonly code: string;
  readonly message: string;
  readonly risk: Risk;
  /** Name that must be typed, for high risk. */
  readonly target?: string;
  readonly expiresAt: Date;
  /** Whether policy lets a dialog of the host approve this. */
  readonly dialog: boolean;
}

interface Answer {
  readonly structured: JsonObject;
  readonly text: string;
}

/** How a call ended. Only `refused` is an error. */
export type Outcome =
  | ({ readonly kind: "done" } & Answer)
  | ({ readonly kind: "running" } & Answer)
  | ({ readonly kind: "needs_person"; readonly question: Question } & Answer)
  | { readonly kind: "refused"; readonly code: string; readonly text: string };
