import * as z from "zod";

/** Words of a runbook's vocabulary: short, so that a step reads as one line. */
export const slug = z
  .string()
  .max(60)
  .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, "must be lower-case words with dashes");

/** Names of steps, parameters and read values. */
export const identifier = z
  .string()
  .max(60)
  .regex(/^[a-z][a-z0-9_]*$/, "must be lower-case letters, digits and _");

export const line = z.string().min(1).max(200);
export const prose = z.string().min(1).max(1200);
export const glob = z.string().min(1).max(200);

/** Seconds, at most a day: a longer wait is a task for a person. */
export const seconds = z.int().min(1).max(86_400);
