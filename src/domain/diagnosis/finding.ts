import type { JsonObject } from "#domain/json.ts";
import type { Cause } from "./cause.ts";

/** `certain`: the API says so itself. `likely`: signs that fit nothing else well. `possible`: worth a look. */
export const confidences = ["certain", "likely", "possible"] as const;
export type Confidence = (typeof confidences)[number];

/** One field of one object, as it was read. The value is untrusted text. */
export interface Evidence {
  /** `Pod data/web-1`, `Node node-a`. */
  readonly object: string;
  /** `status.containerStatuses[web].lastState.terminated.exitCode`; for logs `log of container web`. */
  readonly field: string;
  readonly value: string;
  readonly at?: Date;
}

/** A call that goes on from here. */
export interface NextCall {
  readonly tool: string;
  readonly args: JsonObject;
}

export interface Finding {
  readonly cause: Cause;
  readonly confidence: Confidence;
  /** One sentence with names and figures of this case. */
  readonly summary: string;
  /** The telling ones first. */
  readonly evidence: readonly Evidence[];
  readonly since?: Date;
  /** Objects that suffer from it, as `Pod data/web-1`. */
  readonly affected: readonly string[];
  /** What to do, in one sentence. */
  readonly remedy: string;
  readonly next?: NextCall;
}
