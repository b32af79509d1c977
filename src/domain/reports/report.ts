import * as z from "zod";
import { jsonSchema } from "#domain/json.ts";

export const severities = ["P1", "P2", "P3", "P4"] as const;
export type Severity = (typeof severities)[number];

/** An incident report as it was written and sent. */
export const reportSchema = z.object({
  id: z.string(),
  severity: z.enum(severities),
  title: z.string(),
  markdown: z.string(),
  createdAt: z.date(),
  /** `slack` when it was posted, else `saved`. */
  delivery: z.enum(["slack", "saved"]),
  /** The message's blocks as they were sent. */
  sent: jsonSchema.optional(),
});
export type Report = z.output<typeof reportSchema>;
