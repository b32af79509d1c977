import * as z from "zod";
import { isoSeconds } from "#domain/text/time.ts";
import type { TimeWindow } from "#domain/window.ts";
import { timeField } from "./fields.ts";

/** Where a window begins and ends, for tools that look back by default. */
export const startTime = timeField.optional().describe("ISO 8601, or now-2h.");
export const endTime = timeField.default("now").describe("As start_time.");

/** Where a window begins and ends, as results show it. */
export const windowShape = z.object({ start: z.string(), end: z.string() });

export function windowText({ start, end }: TimeWindow): z.input<typeof windowShape> {
  return { start: isoSeconds(start), end: isoSeconds(end) };
}
