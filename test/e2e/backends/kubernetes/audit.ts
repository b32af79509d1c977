import { readFileSync } from "node:fs";
import * as z from "zod";

const eventSchema = z.object({
  verb: z.string(),
  requestURI: z.string(),
  // A request that could not be authenticated has no name.
  user: z.object({ username: z.string().default("") }),
  userAgent: z.string().default(""),
  objectRef: z
    .object({
      apiGroup: z.string().default(""),
      resource: z.string().default(""),
      subresource: z.string().optional(),
      namespace: z.string().optional(),
      name: z.string().optional(),
    })
    .optional(),
  responseStatus: z.object({ code: z.int().default(0) }).optional(),
});

/** One request, as the API server wrote it down. */
export type AuditEvent = z.output<typeof eventSchema>;

/** Every request that a user made, oldest first. A request may show up a moment after its answer. */
export function readAudit(file: string, user: string): readonly AuditEvent[] {
  const lines = readFileSync(file, "utf8").split("\n").slice(0, -1);
  const events = lines.map((line) => eventSchema.parse(JSON.parse(line)));
  return events.filter(({ user: { username } }) => username === user);
}
