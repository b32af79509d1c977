import * as z from "zod";

/** Longest text that an argument may hold, unless it says otherwise. */
const MAX_TEXT = 1024;

/**
 * A name as a person types it: bounded, not empty, no control characters. Checked but not listed: the pattern
 * would cost a model more tokens than the rest of the argument.
 */
export const textField = (max = MAX_TEXT) =>
  z.string().refine((text) => text !== "" && text.length <= max && !/\p{Cc}/u.test(text), {
    error: `must be 1 to ${max} characters long and must not hold control characters`,
  });

/** Several lines of a person's words. Checked but not listed, as above. */
export const proseField = (max: number) =>
  z.string().refine((text) => text.length <= max && /\S/.test(text), {
    error: `must be 1 to ${max} characters long and must not be blank`,
  });

/** A list of 1 to `max` entries. Checked but not listed, as above. */
export const listField = <Entry extends z.ZodType>(entry: Entry, max: number) =>
  z.array(entry).refine((entries) => entries.length > 0 && entries.length <= max, {
    error: `must hold 1 to ${max} entries`,
  });

const KUBE_NAME = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;

/** A Kubernetes or Helm name (RFC 1123): never begins with a dash, so it can never be an option. Its pattern is not listed. */
export const kubeNameField = z.string().refine((name) => KUBE_NAME.test(name), {
  error:
    "must be at most 253 lower-case letters, digits, '-' and '.', and begin and end with a letter or digit",
});

export const namespaceField = kubeNameField
  .refine((name) => name.length <= 63, { error: "must be at most 63 characters long" })
  .default("default")
  .describe("Namespace.");

/** A whole number. Its bounds are checked but not listed, as above. */
export const intField = (min: number, max: number) =>
  z
    .number()
    .refine((value) => Number.isInteger(value) && value >= min && value <= max, {
      error: `must be a whole number from ${min} to ${max}`,
    })
    .meta({ type: "integer" });

/** How many rows. Its greatest value is listed: who wants all of them asks for that many. */
export const mostField = (max: number) =>
  intField(1, max).meta({ maximum: max }).describe("Most rows.");

export const limitField = (fallback: number, max: number) => mostField(max).default(fallback);

const TIME =
  /^(now(-\d{1,6}[smhd])?|\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?)?)$/;

/** ISO 8601 UTC, or relative such as `now-90m`; resolved with `domain/text/time.ts`. Its pattern is not listed. */
export const timeField = z.string().refine((text) => text.length <= 40 && TIME.test(text), {
  error: "must be ISO 8601 such as 2026-04-25T14:22:33Z, or now, or now-90m",
});

/** What every action takes beside its own arguments. */
export const actionFields = {
  reason: textField().optional().describe("For the approver."),
  incident_id: textField(64).optional().describe("Incident."),
  approval_code: textField(16).optional().describe("Once approved."),
};

export const actionFieldsSchema = z.object(actionFields);
export type ActionFields = z.output<typeof actionFieldsSchema>;
