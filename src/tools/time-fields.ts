import * as z from "zod";
import { timeField } from "./fields.ts";

/**
 * A time as `timeField` takes it. Its pattern is checked but not listed: it would cost a model more tokens than
 * the rest of the argument.
 */
export const timeArgument = (description: string) =>
  z
    .string()
    .max(40)
    .refine((text) => timeField.safeParse(text).success, {
      error: "must be ISO 8601 such as 2026-04-25T14:22:33Z, or now, or now-90m",
    })
    .describe(description);

/** Where a window begins and ends, as results show it. */
export const windowShape = z.object({ start: z.string(), end: z.string() });
