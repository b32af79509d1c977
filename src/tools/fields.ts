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

const KUBE_NAME = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;

/** A Kubernetes or Helm name (RFC 1123): never begins with a dash, so it can never be an option. Its pattern is not listed. */
export const kubeNameField = z.string().refine((name) => KUBE_NAME.test(name), {
  error:
    "must be at most 253 lower-case letters, digits, '-' and '.', and begin and end with a letter or digit",
});

export const namespaceField = kubeNameField
  .refine((name) => name.length <= 63, { error: "must be at most 63 characters long" })
  .default("default")
  .describe("Kubernetes namespace.");

/** How many rows; `max` bounds it. */
export const limitField = (fallback: number, max: number) =>
  z.int().min(1).max(max).default(fallback).describe("Most rows to return.");

const TIME =
  /^(now(-\d{1,6}[smhd])?|\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?)?)$/;

/** ISO 8601 UTC, or relative such as `now-90m`; resolved with `domain/text/time.ts`. Its pattern is not listed. */
export const timeField = z.string().refine((text) => text.length <= 40 && TIME.test(text), {
  error: "must be ISO 8601 such as 2026-04-25T14:22:33Z, or now, or now-90m",
});

/** What every action takes beside its own arguments. */
export const actionFields = {
  reason: textField().optional().describe("Why, for the approver and the audit log."),
  incident_id: textField(64).optional().describe("Incident this belongs to."),
  approval_code: z
    .string()
    .max(16)
    .optional()
    .describe("Code of the approval, once a person gave it."),
};

export const actionFieldsSchema = z.object(actionFields);
export type ActionFields = z.output<typeof actionFieldsSchema>;
