import * as z from "zod";
import { clip } from "#domain/text/untrusted.ts";
import { OpsError } from "#errors.ts";

/** The status with which the Eviction API answers that a disruption budget forbids it for now. */
export const BUDGET_STATUS = 429;

const statusSchema = z.object({
  kind: z.literal("Status"),
  code: z.literal(BUDGET_STATUS),
  message: z.string().default(""),
  details: z
    .object({
      causes: z
        .array(z.object({ reason: z.string().optional(), message: z.string().default("") }))
        .default([]),
    })
    .prefault({}),
});

/** The budget's words when the answer is its no. Throws when the API server is merely busy. */
export function budgetDenial(body: unknown): string | undefined {
  const status = statusSchema.safeParse(body).data;
  if (status === undefined) return undefined;
  const cause = status.details.causes.find(({ reason }) => reason === "DisruptionBudget");
  if (cause) return clip(cause.message.trim(), 300);
  throw new OpsError(
    "throttled",
    `The API server puts the eviction off: ${clip(status.message.trim(), 300)}`,
    "Wait a minute, then try again.",
  );
}
