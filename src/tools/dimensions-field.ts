import * as z from "zod";
import { readDimensions } from "#domain/metrics/dimensions.ts";

/** Dimensions as an object; AWS's list of Name and Value, and JSON text of either, are taken too. */
export const dimensionsField = z.preprocess((raw, context) => {
  const read = readDimensions(raw);
  if (typeof read !== "string") return read;
  context.addIssue({ code: "custom", message: read });
  return z.NEVER;
}, z.object({}).catchall(z.string()));
