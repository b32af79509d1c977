import * as z from "zod";
import { type Release, type Revision, releaseStatuses } from "#domain/helm/release.ts";
import { type JsonObject, jsonObjectSchema } from "#domain/json.ts";
import { OpsError } from "#errors.ts";
import { helmError } from "./failures.ts";
import type { Finished } from "./run.ts";

const status = z.enum(releaseStatuses).catch("unknown");
/** `2026-11-22 18:04:27.760709666 +0000 UTC` in lists, ISO 8601 in histories. */
const time = z.string().transform((text) => {
  return new Date(text.replace(/ UTC$/, "").replace(/\.(\d{3})\d*/, ".$1"));
});
const revisionSchema = z.object({
  revision: z.coerce.number().int(),
  updated: time,
  status,
  chart: z.string(),
  app_version: z.string().default(""),
  /** Lists leave it out. */
  description: z.string().default(""),
});
const historySchema = z.array(revisionSchema);
const listSchema = z.array(revisionSchema.extend({ name: z.string(), namespace: z.string() }));
const valuesSchema = jsonObjectSchema.nullable();
/** `ssa`: applied by the server, which remembers who set each field; `csa`: by Helm itself. */
const metadataSchema = z.object({ applyMethod: z.string().default("") });

export function releasesIn(done: Finished): readonly Release[] {
  return parse(done, listSchema).map((row) => {
    const { namespace, name } = row;
    return { namespace, name, ...toRevision(row) };
  });
}

/** Newest first. */
export function revisionsIn(done: Finished): readonly Revision[] {
  const revisions = parse(done, historySchema).map(toRevision);
  return revisions.sort((a, b) => b.revision - a.revision);
}

/** Helm prints `null` for a release without values. */
export function valuesIn(done: Finished): JsonObject {
  return parse(done, valuesSchema) ?? {};
}

export function appliedByServer(done: Finished): boolean {
  return parse(done, metadataSchema).applyMethod === "ssa";
}

/** What a run printed. Throws when it failed. */
export function output(done: Finished): string {
  if (done.exitCode !== 0) throw helmError(done);
  return done.stdout;
}

function toRevision(from: z.output<typeof revisionSchema>): Revision {
  const { revision, status, chart, app_version: appVersion, updated, description } = from;
  return { revision, status, chart, appVersion, updatedAt: updated, description };
}

function parse<T>(done: Finished, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(json(output(done)));
  if (parsed.success) return parsed.data;
  throw new OpsError(
    "backend_error",
    `Helm printed what Firewatch cannot read: ${parsed.error.issues[0]?.message}`,
    "Check the version of the helm binary with `firewatch doctor`.",
    { cause: parsed.error },
  );
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
