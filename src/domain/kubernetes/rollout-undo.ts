import { digest } from "#domain/digest.ts";
import { isObject, type Json, type JsonObject, toJsonObject } from "#domain/json.ts";
import { atMost } from "#domain/text/at-most.ts";
import { isoSeconds } from "#domain/text/time.ts";
import { OpsError } from "#errors.ts";
import type { KubeObject } from "./object.ts";
import { rawTemplate } from "./restart.ts";
import type { HistoryEntry } from "./rollout-history.ts";
import { podTemplateSchema, templateReads } from "./template.ts";
import { plainTemplate, templateDiff, templateDiffLines } from "./template-diff.ts";

/** Equal for templates that make equal pods. */
export function templateDigest(template: Json): string {
  return digest(plainTemplate(template));
}

/** The template as a change carries it. */
export function templateObject(template: Json): JsonObject {
  return isObject(template) ? toJsonObject(template) : {};
}

/** Of the template that the workload has now. */
export function digestNow(object: KubeObject): string {
  return templateDigest(rawTemplate(object));
}

/**
 * The revision to return to: the one that is asked for, else the newest earlier one whose pods are ready or that was
 * verified; else the newest of which nothing is known. One that somebody rolled back from is never chosen unasked.
 * `entries` are newest first.
 */
export function undoTarget(
  label: string,
  now: Json,
  entries: readonly HistoryEntry[],
  asked: number | undefined,
): HistoryEntry {
  const others = entries.filter(({ template }) => templateDigest(template) !== templateDigest(now));
  if (asked !== undefined) return askedFor(label, entries, others, asked);
  const left = new Set(entries.flatMap(leftBy));
  const open = others.filter(({ revision, healthy }) => healthy !== "no" && !left.has(revision));
  const target = open.find(provenWell) ?? open[0];
  if (target) return target;
  throw new OpsError(
    "refused",
    `No earlier revision of ${label} is known to be better than the one that runs.`,
    "Look at them with kubectl_rollout_history and name one in `to_revision`.",
  );
}

function askedFor(
  label: string,
  entries: readonly HistoryEntry[],
  others: readonly HistoryEntry[],
  asked: number,
): HistoryEntry {
  const found = others.find(({ revision }) => revision === asked);
  if (found) return found;
  const numbers = others.map(({ revision }) => revision).join(", ");
  const hint = numbers === "" ? "There is no other one." : `Others: ${numbers}.`;
  if (entries.some(({ revision }) => revision === asked)) {
    const message = `${label} already runs the template of revision ${asked}.`;
    throw new OpsError("no_change", message, hint);
  }
  throw new OpsError("not_found", `${label} has no revision ${asked}, or keeps it no more.`, hint);
}

function provenWell({ healthy, readyPods }: HistoryEntry): boolean {
  return healthy === "yes" || readyPods > 0;
}

/** A template that was rolled out again took the place of the revision before its new number. */
function leftBy({ revision, earlier }: HistoryEntry): readonly number[] {
  return earlier.length > 0 ? [revision - 1] : [];
}

/** Lines of a diff that a person still reads. */
const MOST_LINES = 40;

/** Fields in which the template changes. */
export function undoDiff(head: string, now: Json, { template }: HistoryEntry): string {
  const lines = templateDiffLines(templateDiff(now, template)).map((line) =>
    line.replace(/^ {2}(?=\S)/, "  spec.template."),
  );
  return [head, ...atMost(lines, MOST_LINES, "line")].join("\n");
}

/** Most names that are told. */
const MOST_NAMES = 4;

/** What a person has to know of the revision, and of what does not return with it. */
export function undoWarnings({
  template,
  healthy,
  why,
  readyPods,
  revision,
}: HistoryEntry): readonly string[] {
  const reads = templateReads(podTemplateSchema.parse(template));
  const names = [...new Set(reads.map(({ kind, name }) => `${kind} ${name}`))];
  const named = names.length > 0 ? `: ${atMost(names, MOST_NAMES, "name").join(", ")}` : "";
  return [
    ...(healthy === "no" ? [`Revision ${revision} was not well: ${why}.`] : []),
    ...(healthy === "unknown" && readyPods === 0
      ? [`Whether revision ${revision} was well is not on record.`]
      : []),
    `ConfigMaps and Secrets are not part of a revision and stay as they are now${named}.`,
  ];
}

/** `revision 4 (first rolled out 2026-04-17T14:22:33Z, image shop/checkout:v4.11.0)`. */
export function revisionText({ revision, createdAt, images }: HistoryEntry): string {
  const named = atMost(images, MOST_NAMES, "image").join(", ");
  return `revision ${revision} (first rolled out ${isoSeconds(createdAt)}, ${named})`;
}
