import * as z from "zod";
import type { Alarm, AlarmEvent } from "#domain/alarms/alarm.ts";
import {
  type Flapping,
  firings,
  flapping,
  type StateSpan,
  stateSpans,
  timeIn,
} from "#domain/alarms/history.ts";
import { watches } from "#domain/alarms/watches.ts";
import { windowsWorthLooking } from "#domain/alarms/windows.ts";
import { closest } from "#domain/text/closest.ts";
import { count, table } from "#domain/text/table.ts";
import { duration, isoSeconds } from "#domain/text/time.ts";
import { withinTokens } from "#domain/text/tokens.ts";
import { clip, quoted } from "#domain/text/untrusted.ts";
import { resolveWindow } from "#domain/text/window.ts";
import { DAY, SECOND, shift, type TimeWindow } from "#domain/window.ts";
import { OpsError } from "#errors.ts";
import type { Alarms } from "#ports/alarms.ts";
import { defineQuery } from "#tools/define.ts";
import { limitField, textField } from "#tools/fields.ts";
import { endTime, startTime, windowShape, windowText } from "#tools/time-fields.ts";

/** CloudWatch keeps an alarm's history for 30 days. */
const KEPT_DAYS = 30;
/** Windows longer than the history of any use are a slip of the pen. */
const MAX_DAYS = 90;
const MAX_REASON = 160;
const MAX_CONFIGURATION = 5;
const DEFAULT_CHANGES = 15;
/** What the changes of a default answer may cost; asking for more raises it in proportion. */
const CHANGE_TOKENS = 1100;

const note = z.object({ at: z.string(), summary: z.string() });

const output = z.object({
  alarm_name: z.string(),
  state: z.string(),
  watches: z.string(),
  window: windowShape,
  firings: z.int(),
  in_alarm_seconds: z.number(),
  flapping: windowShape.extend({ firings: z.int() }).optional(),
  changes: z.array(
    z.object({
      at: z.string(),
      from: z.string(),
      to: z.string(),
      lasted_seconds: z.number(),
      ongoing: z.boolean(),
      reason: z.string(),
    }),
  ),
  changes_left_out: z.int(),
  windows: z.array(windowShape.extend({ label: z.string(), why: z.string() })),
  configuration_changes: z.array(note),
  configuration_changes_left_out: z.int(),
  actions: z.array(note),
  actions_left_out: z.int(),
  notes: z.array(z.string()),
});
type Answer = z.output<typeof output>;

export const getAlarmHistory = defineQuery({
  name: "get_alarm_history",
  title: "Get an alarm's history",
  description:
    "How one alarm spent the last day: state changes, flapping, configuration changes, and which windows to read metrics and logs in.",
  needs: ["alarms", "clock"],
  place: "region",
  input: z.strictObject({
    alarm_name: textField(255).describe("Exact name."),
    start_time: startTime,
    end_time: endTime,
    limit: limitField(DEFAULT_CHANGES, 100),
  }),
  output,
  untrusted: ["changes[].reason", "configuration_changes[].summary", "actions[].summary"],
  async run({ alarm_name, start_time, end_time, limit }, { alarms, clock }, { signal }) {
    const now = clock.now();
    const asked = { start: start_time, end: end_time, minutes: 24 * 60 };
    const window = resolveWindow(asked, now, MAX_DAYS);
    const [events, [alarm]] = await Promise.all([
      alarms.history(alarm_name, window, signal),
      alarms.list({ names: [alarm_name] }, signal),
    ]);
    if (!alarm && events.length === 0) throw await unknownAlarm(alarm_name, alarms, signal);
    const spans = stateSpans(events, window, alarm);
    const times = firings(spans);
    return {
      alarm_name,
      state: alarm ? stateText(alarm, now) : "deleted: only its history is left",
      watches: alarm ? watches(alarm) : "unknown",
      window: windowText(window),
      firings: times.length,
      in_alarm_seconds: timeIn(spans, "ALARM") / SECOND,
      flapping: flappingText(flapping(times)),
      ...changes(spans, limit),
      windows: windowsWorthLooking(spans, alarm, now).map((look) => ({
        ...windowText(look),
        label: look.label,
        why: look.why,
      })),
      ...notesOf(events),
      notes: remarks(window, now),
    };
  },
  render,
});

async function unknownAlarm(name: string, alarms: Alarms, signal: AbortSignal): Promise<OpsError> {
  const names = (await alarms.list({}, signal)).map((alarm) => alarm.name);
  const near = closest(name, names);
  return new OpsError(
    "not_found",
    `No alarm is named ${quoted(name)}, and none with that name left a history.`,
    near.length === 0
      ? "Call list_active_alarms with states ALARM, OK and INSUFFICIENT_DATA for the names there are."
      : `Alarms with a name like it: ${near.join(", ")}.`,
  );
}

function stateText({ state, since }: Alarm, now: Date): string {
  return `${state} for ${duration(now.getTime() - since.getTime())}, since ${isoSeconds(since)}`;
}

function flappingText(found: Flapping | undefined): Answer["flapping"] {
  return found && { ...windowText(found), firings: found.firings };
}

/** Newest first. */
function changes(spans: readonly StateSpan[], limit: number) {
  const entered = spans.filter((span) => span.entered);
  const last = spans.at(-1);
  const rows = entered
    .slice(-limit)
    .reverse()
    .map((span) => ({
      at: isoSeconds(span.start),
      from: span.before ?? "unknown",
      to: span.state,
      lasted_seconds: Math.round((span.end.getTime() - span.start.getTime()) / SECOND),
      ongoing: span === last,
      reason: clip(span.reason ?? "", MAX_REASON),
    }));
  const shown = withinTokens(rows, CHANGE_TOKENS * Math.max(1, limit / DEFAULT_CHANGES));
  return { changes: shown, changes_left_out: entered.length - shown.length };
}

function notesOf(events: readonly AlarmEvent[]) {
  const configuration = events.filter(({ kind }) => kind === "configuration");
  const actions = events.filter(({ kind }) => kind === "action");
  return {
    configuration_changes: configuration.slice(0, MAX_CONFIGURATION).map(toNote),
    configuration_changes_left_out: Math.max(0, configuration.length - MAX_CONFIGURATION),
    actions: actions.slice(0, MAX_CONFIGURATION).map(toNote),
    actions_left_out: Math.max(0, actions.length - MAX_CONFIGURATION),
  };
}

function toNote({ at, summary }: AlarmEvent) {
  return { at: isoSeconds(at), summary: clip(summary, MAX_REASON) };
}

function remarks({ start }: TimeWindow, now: Date): string[] {
  return start < shift(now, -KEPT_DAYS * DAY)
    ? [`CloudWatch keeps ${KEPT_DAYS} days of history; older changes are not in here.`]
    : [];
}

function render(answer: Answer): string {
  const { window, flapping: flaps } = answer;
  const head = [
    `${answer.alarm_name} fired ${count(answer.firings, "time")} between ${window.start} and ${window.end}`,
    `in ALARM for ${duration(answer.in_alarm_seconds * SECOND)} of it. Now ${answer.state}.`,
  ].join(", ");
  const flapText =
    flaps &&
    `Flapping: it began to fire ${flaps.firings} times from ${flaps.start} to ${flaps.end}.`;
  return [
    head,
    flapText,
    `Watches ${answer.watches}`,
    changesText(answer),
    windowsText(answer),
    notesText(
      "Configuration changes",
      answer.configuration_changes,
      answer.configuration_changes_left_out,
    ),
    notesText("Actions", answer.actions, answer.actions_left_out),
    ...answer.notes,
    nextText(answer),
  ]
    .filter((part) => part !== undefined)
    .join("\n\n");
}

function changesText({ changes, changes_left_out: rest }: Answer): string {
  if (changes.length === 0) return "It did not change in this window.";
  const rows = changes.map((change) => [
    change.at,
    `${change.from} → ${change.to}`,
    `${duration(change.lasted_seconds * SECOND)}${change.ongoing ? ", to the window's end" : ""}`,
    change.reason === "" ? "" : quoted(change.reason, MAX_REASON),
  ]);
  const more = rest === 0 ? "" : `\n${count(rest, "older change")} left out: raise limit.`;
  return `${table(["at", "change", "lasted", "reason"], rows)}${more}`;
}

function windowsText({ windows }: Answer): string | undefined {
  if (windows.length === 0) return undefined;
  const lines = windows.map(
    (look) => `- ${look.label}: ${look.start} to ${look.end} (${look.why})`,
  );
  return ["Windows worth reading:", ...lines].join("\n");
}

function notesText(title: string, notes: readonly z.output<typeof note>[], rest: number) {
  if (notes.length === 0) return undefined;
  const more = rest === 0 ? [] : [`- ${rest} older left out: narrow the window.`];
  return [`${title}:`, ...notes.map((n) => `- ${n.at} ${quoted(n.summary)}`), ...more].join("\n");
}

function nextText({ changes, windows }: Answer): string {
  if (windows.length > 0) {
    return "Next: get_metric_statistics and fetch_log_events with start_time and end_time of these windows.";
  }
  return changes.length > 0
    ? "Next: get_metric_statistics for what it watches."
    : "Next: give an earlier start_time, such as now-7d.";
}
