import * as z from "zod";
import type { LogEvent } from "#domain/logs/event.ts";
import { eachKindFirst, type LineGroup, lineGroups } from "#domain/logs/template.ts";
import { closest } from "#domain/text/closest.ts";
import { count } from "#domain/text/table.ts";
import { isoSeconds } from "#domain/text/time.ts";
import { withinTokens } from "#domain/text/tokens.ts";
import { clip, quoted, untrustedBlock } from "#domain/text/untrusted.ts";
import { resolveWindow } from "#domain/text/window.ts";
import { OpsError } from "#errors.ts";
import type { LogAnswer, LogQuery, Logs } from "#ports/logs.ts";
import { defineQuery } from "#tools/define.ts";
import { intField, limitField, textField } from "#tools/fields.ts";
import { endTime, startTime, windowShape, windowText } from "#tools/time-fields.ts";

/** Searches over longer windows end by the page budget long before their end. */
const MAX_DAYS = 31;
const DEFAULT_EVENTS = 50;
/** What the lines of a default answer may cost; asking for more events raises it in proportion. */
const EVENT_TOKENS = 1300;
const MAX_MESSAGE = 300;
const MAX_TEMPLATES = 5;
const MAX_TEMPLATE = 160;
/** CloudWatch has no pattern that matches every line but the empty one, which reads like a slip. */
const EVERYTHING = "*";

const output = z.object({
  log_group: z.string(),
  filter_pattern: z.string(),
  window: windowShape,
  found: z.int(),
  complete: z.boolean(),
  repeated: z.array(
    z.object({
      template: z.string(),
      count: z.int(),
      first_at: z.string(),
      last_at: z.string(),
    }),
  ),
  repeated_left_out: z.int(),
  events: z.array(z.object({ at: z.string(), stream: z.string(), message: z.string() })),
  left_out: z.int(),
  next: z.string(),
});
type Answer = z.output<typeof output>;

const input = z.strictObject({
  log_group: textField(512)
    .refine((name) => /^[-._/#A-Za-z0-9]+$/.test(name), {
      error: "may hold letters, digits and . - _ / # only",
    })
    .describe("Full name, such as /aws/lambda/checkout."),
  filter_pattern: textField()
    .default("ERROR")
    .describe("CloudWatch filter pattern, case-sensitive; * for every line."),
  minutes_back: intField(1, MAX_DAYS * 1440)
    .default(15)
    .describe("If no start_time."),
  start_time: startTime,
  end_time: endTime,
  max_events: limitField(DEFAULT_EVENTS, 500).describe("The newest so many."),
});

export const fetchLogEvents = defineQuery({
  name: "fetch_log_events",
  title: "Fetch log events",
  description:
    "Lines of one CloudWatch log group that match a filter pattern, newest first, repeats counted; suggests names for an unknown group.",
  needs: ["logs", "clock"],
  place: "region",
  input,
  output,
  untrusted: ["events[].message", "repeated[].template"],
  async run(asked, { logs, clock }, { signal }) {
    const { log_group: group, filter_pattern, max_events: limit } = asked;
    const period = { start: asked.start_time, end: asked.end_time, minutes: asked.minutes_back };
    const window = resolveWindow(period, clock.now(), MAX_DAYS);
    const pattern = filter_pattern === EVERYTHING ? "" : filter_pattern;
    const query = { group, pattern, window, limit };
    const answer = await search(query, logs, signal);
    const budget = EVENT_TOKENS * Math.max(1, limit / DEFAULT_EVENTS);
    const events = withinTokens(eachKindFirst(answer.events).map(toRow), budget).sort(newestFirst);
    const next =
      answer.events.length === 0
        ? await emptyText(query, answer, logs, signal)
        : nextText(answer, events.length, limit);
    return {
      log_group: group,
      filter_pattern,
      window: windowText(window),
      found: answer.events.length,
      complete: answer.complete,
      ...repeated(answer.events),
      events,
      left_out: answer.events.length - events.length,
      next,
    };
  },
  render,
});

async function search(query: LogQuery, logs: Logs, signal: AbortSignal): Promise<LogAnswer> {
  try {
    return await logs.filter(query, signal);
  } catch (error) {
    if (error instanceof OpsError && error.code === "not_found") {
      throw await unknownGroup(query.group, logs, signal);
    }
    throw error;
  }
}

/** The last part of a group's name usually is the service's own. */
async function unknownGroup(name: string, logs: Logs, signal: AbortSignal): Promise<OpsError> {
  const last = name.split("/").findLast((part) => part !== "") ?? name;
  const [all, alike] = await Promise.all([
    logs.groups({ limit: 500 }, signal),
    logs.groups({ pattern: last, limit: 50 }, signal),
  ]);
  const names = [...alike, ...all].map((group) => group.name);
  const near = closest(name, names);
  const some = near.length > 0 ? near : names.slice(0, 3);
  return new OpsError(
    "not_found",
    `There is no log group ${quoted(name)}, or these credentials cannot see it.`,
    some.length === 0
      ? "There are no log groups in this region at all: check the region."
      : `${near.length > 0 ? "Names like it" : "No name is like it; some there are"}: ${some.join(", ")}.`,
  );
}

function toRow({ at, stream, message }: LogEvent) {
  return { at: at.toISOString(), stream, message: clip(message.trimEnd(), MAX_MESSAGE) };
}

/** By ISO time, which sorts as text. */
function newestFirst(a: { readonly at: string }, b: { readonly at: string }): number {
  return a.at < b.at ? 1 : -1;
}

/** Templates of two lines or more; single lines are among the events anyway. */
function repeated(events: readonly LogEvent[]) {
  const groups = lineGroups(events).filter((group) => group.count > 1);
  return {
    repeated: groups.slice(0, MAX_TEMPLATES).map(groupRow),
    repeated_left_out: Math.max(0, groups.length - MAX_TEMPLATES),
  };
}

function groupRow({ template, count, firstAt, lastAt }: LineGroup) {
  return {
    template: clip(template, MAX_TEMPLATE),
    count,
    first_at: isoSeconds(firstAt),
    last_at: isoSeconds(lastAt),
  };
}

function nextText({ events, complete }: LogAnswer, shown: number, limit: number): string {
  const hidden = events.length - shown;
  const fold = `${count(hidden, "more line")} found but not shown: narrow the window or filter_pattern.`;
  return [hidden > 0 ? fold : "", reachText(events.at(-1), events.length, complete, limit)]
    .filter((part) => part !== "")
    .join(" ");
}

function reachText(oldest: LogEvent | undefined, found: number, complete: boolean, limit: number) {
  if (complete || !oldest) return "The window was searched to its end.";
  return found >= limit
    ? `Older lines match too: set end_time to ${oldest.at.toISOString()} or raise max_events.`
    : "The search ended before the window's start: narrow the window or filter_pattern.";
}

/** Tells a silent group from a pattern that matches nothing. */
async function emptyText(
  query: LogQuery,
  { complete }: LogAnswer,
  logs: Logs,
  signal: AbortSignal,
): Promise<string> {
  if (!complete) return "The search ended before the window's start: narrow the window.";
  if (query.pattern === "")
    return "The group has no lines at all in this window: widen it, or check what writes to it.";
  const any = await logs.filter({ ...query, pattern: "", limit: 1 }, signal);
  return any.events.length === 0
    ? "The group has no lines at all in this window: widen it, or check what writes to it."
    : "The group has lines in this window, but none match. Case counts: try ?ERROR ?Error ?error, or * for every line.";
}

function render(answer: Answer): string {
  const { log_group, filter_pattern, window, found, left_out } = answer;
  const least = answer.complete ? "" : "At least ";
  const head = `${least}${count(found, "line")} of ${log_group} match ${quoted(filter_pattern)} from ${window.start} to ${window.end}.`;
  return [
    head,
    ...repeatedText(answer),
    ...eventsText(answer, left_out),
    `Next: ${answer.next}`,
  ].join("\n\n");
}

function eventsText({ events, log_group }: Answer, leftOut: number): string[] {
  if (events.length === 0) return [];
  const title =
    leftOut === 0
      ? "Newest first:"
      : `${events.length} of them, newest first, at least one of each kind as far as they fit:`;
  const lines = events.map(({ at, stream, message }) => `${at} [${stream}] ${oneLine(message)}`);
  return [`${title}\n${untrustedBlock(log_group, lines)}`];
}

function repeatedText({ repeated, repeated_left_out: rest }: Answer): string[] {
  if (repeated.length === 0) return [];
  const lines = repeated.map(
    ({ template, count, first_at, last_at }) => `${count}× ${template} (${first_at} to ${last_at})`,
  );
  const more = rest === 0 ? "" : `\n${count(rest, "other")} left out.`;
  return [`Lines that repeat:\n${untrustedBlock("log templates", lines)}${more}`];
}

function oneLine(message: string): string {
  return message.replaceAll(/\s*[\r\n]+\s*/g, " ⏎ ");
}
