import * as z from "zod";
import { changeKinds, type RecentChange } from "#domain/kubernetes/changes/change.ts";
import { atMost } from "#domain/text/at-most.ts";
import { shown } from "#domain/text/field-diff.ts";
import { duration, isoSeconds } from "#domain/text/time.ts";
import { clip, untrustedBlock } from "#domain/text/untrusted.ts";

const MAX_DETAILS = 8;
const MAX_DETAIL = 200;

export const changeRow = z.object({
  kind: z.enum(changeKinds),
  at: z.iso.datetime(),
  distance: z.string().describe("To near, or to now."),
  object: z.string(),
  namespace: z.string().optional(),
  who: z.string().describe("Field manager; empty when not known."),
  summary: z.string(),
  details: z.array(z.string()),
});
type Row = z.output<typeof changeRow>;

/** What the rollouts among the changes changed. */
type Diffs = ReadonlyMap<RecentChange, readonly string[]>;

/** A change as results show it; without `near`, its distance is its age. */
export function changeRowOf(
  change: RecentChange,
  diffs: Diffs,
  now: Date,
  near: Date | undefined,
): z.input<typeof changeRow> {
  const { kind, at, object, ref, who, summary } = change;
  return {
    kind,
    at: isoSeconds(at),
    distance: near ? distance(at, near) : `${duration(now.getTime() - at.getTime())} ago`,
    object,
    ...(ref.namespace === undefined ? {} : { namespace: ref.namespace }),
    who: clip(who, MAX_DETAIL),
    summary,
    details: [
      ...atMost(
        detailsOf(change, diffs).map((line) => clip(line, MAX_DETAIL)),
        MAX_DETAILS,
        "line",
      ),
    ],
  };
}

function distance(at: Date, near: Date): string {
  const milliseconds = at.getTime() - near.getTime();
  if (milliseconds === 0) return "at that moment";
  return `${duration(Math.abs(milliseconds))} ${milliseconds < 0 ? "before" : "after"}`;
}

function detailsOf(change: RecentChange, diffs: Diffs): readonly string[] {
  const parts = (change.parts ?? []).flatMap((part) => {
    return [`${part.object}: ${part.summary}`, ...detailsOf(part, diffs)];
  });
  return [...(diffs.get(change) ?? []), ...change.details, ...parts];
}

/** A change as a person reads it. */
export function changeLines(row: Row, allNamespaces: boolean): readonly string[] {
  const place = allNamespaces && row.namespace !== undefined ? ` in ${row.namespace}` : "";
  const who = row.who === "" ? "" : ` By ${shown(row.who)}.`;
  const line = `${row.at} (${row.distance}) ${row.object}${place}: ${row.summary}${who}`;
  return row.details.length === 0 ? [line] : [line, untrustedBlock("change", row.details)];
}
