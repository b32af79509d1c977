import * as z from "zod";
import { metricsOf } from "#domain/alarms/watches.ts";
import { closest } from "#domain/text/closest.ts";
import { count } from "#domain/text/table.ts";
import { withinTokens } from "#domain/text/tokens.ts";
import { quoted } from "#domain/text/untrusted.ts";
import { defineQuery } from "#tools/define.ts";
import { intField, listField, mostField, textField } from "#tools/fields.ts";
import { alarmRow, rowText, toRow } from "./alarm-row.ts";
import { type GroupLookup, groupLookup, relatedGroups } from "./log-group-lookup.ts";
import {
  type AlarmPlace,
  type AlarmQuestion,
  type Found,
  inOrder,
  type RegionError,
  type Survey,
  surveyUntilNone,
} from "./survey.ts";

/** Without a limit, as many alarms as fit: what a default answer may cost, less its frame. */
const DEFAULT_TOKENS = 1800;
const DEFAULT_MOST = 20;
/** Alarms without a row of their own are at least named. */
const MAX_NAMES = 12;

const errorRow = z.object({ region: z.string(), code: z.string(), message: z.string() });

const output = z.object({
  searched: z.string(),
  matching: z.int(),
  alarms: z.array(alarmRow),
  left_out: z.int(),
  left_out_names: z.array(z.string()),
  errors: z.array(errorRow),
  next: z.string(),
});
type Answer = z.output<typeof output>;

export const listActiveAlarms = defineQuery({
  name: "list_active_alarms",
  title: "List active alarms",
  description:
    "Alarms that fire now, of every kind and region: what each watches, since when, why, if muted, its log groups. Start here.",
  needs: ["alarms", "logs", "clock"],
  place: "regions",
  input: z.strictObject({
    namespace: z
      .string()
      .refine((text) => text === "" || textField(255).safeParse(text).success, {
        error: "must be a namespace such as AWS/Lambda, or empty for all",
      })
      .default("")
      .describe("Metric namespace; empty for all."),
    name_prefix: textField(255).optional().describe("Alarm name begins so."),
    states: listField(z.enum(["ALARM", "INSUFFICIENT_DATA", "OK"]), 3)
      .default(["ALARM"])
      .describe("Which states."),
    limit: mostField(100).optional().describe("By default as many as fit."),
    wait_seconds: intField(0, 40).default(0).describe("Wait so long until none matches."),
  }),
  output,
  untrusted: ["alarms[].description", "alarms[].reason"],
  async run({ namespace, name_prefix, states, limit, wait_seconds }, places, call) {
    const question = {
      states,
      ...(name_prefix === undefined ? {} : { namePrefix: name_prefix }),
      ...(namespace === "" ? {} : { namespace }),
    };
    const { surveys, errors } = await surveyUntilNone(places, question, wait_seconds, call);
    const found = inOrder(surveys);
    const shown = found.slice(0, limit ?? DEFAULT_MOST);
    const rows = await toRows(shown, question, errors, call.signal);
    const alarms = limit === undefined ? withinTokens(rows, DEFAULT_TOKENS) : rows;
    return {
      searched: searchedText(question, places),
      matching: found.length,
      alarms,
      left_out: found.length - alarms.length,
      left_out_names: found.slice(alarms.length, alarms.length + MAX_NAMES).map(nameOf),
      errors,
      next: found.length === 0 ? emptyText(surveys, question) : NEXT,
    };
  },
  render,
});

function nameOf({ alarm }: Found): string {
  return alarm.name;
}

async function toRows(
  found: readonly Found[],
  question: AlarmQuestion,
  errors: RegionError[],
  signal: AbortSignal,
) {
  const lookups = new Map<AlarmPlace, GroupLookup>();
  for (const { survey } of found) {
    const known = lookups.has(survey.place);
    if (!known) lookups.set(survey.place, groupLookup(survey.place, errors, signal));
  }
  return await Promise.all(
    found.map(async ({ alarm, survey }) => {
      const lookup = lookups.get(survey.place);
      const groups = lookup ? await relatedGroups(alarm, survey, lookup) : [];
      return toRow(alarm, survey, groups, question.namespace);
    }),
  );
}

function searchedText(
  { states, namespace, namePrefix }: AlarmQuestion,
  places: readonly AlarmPlace[],
) {
  return [
    `metric, composite and log alarms in ${places.map(({ label }) => label).join(", ")}`,
    `state ${states.join(" or ")}`,
    namespace === undefined ? "" : `namespace ${namespace}`,
    namePrefix === undefined ? "" : `names that begin with ${namePrefix}`,
  ]
    .filter((part) => part !== "")
    .join("; ");
}

function emptyText(surveys: readonly Survey[], { namespace, namePrefix }: AlarmQuestion): string {
  const others = surveys.flatMap((answered) => answered.others);
  const tally = (["ALARM", "INSUFFICIENT_DATA", "OK"] as const)
    .map((state) => `${others.filter((alarm) => alarm.state === state).length} ${state}`)
    .join(", ");
  const whole = namePrefix === undefined ? "All alarms" : `Alarms beginning with ${namePrefix}`;
  const names = others.flatMap((alarm) => metricsOf(alarm).map((metric) => metric.namespace));
  const near =
    namespace === undefined || names.includes(namespace) ? [] : closest(namespace, names);
  return [
    `${whole}: ${tally}.`,
    near.length === 0 ? "" : `Namespaces with alarms like it: ${near.join(", ")}.`,
    'Pass states ["INSUFFICIENT_DATA"] for alarms that see no data; an alarm that just recovered is in get_alarm_history.',
  ]
    .filter((part) => part !== "")
    .join(" ");
}

const NEXT =
  "get_alarm_history for when it began, then get_metric_statistics and fetch_log_events.";

function render(answer: Answer): string {
  const head =
    answer.matching === 0
      ? `No alarm matches. Searched ${answer.searched}.`
      : `${count(answer.matching, "alarm")}, the first to fire first. Searched ${answer.searched}.`;
  const problems = answer.errors.map(
    ({ region, code, message }) => `- ${region}: ${code}, ${quoted(message)}`,
  );
  return [
    head,
    ...(problems.length === 0 ? [] : [`Incomplete:\n${problems.join("\n")}`]),
    ...answer.alarms.map(rowText),
    ...leftOutText(answer),
    answer.matching === 0 ? answer.next : `Next: ${answer.next}`,
  ].join("\n\n");
}

function leftOutText({ left_out: count, left_out_names: names }: Answer): string[] {
  if (count === 0) return [];
  const more = count > names.length ? ` and ${count - names.length} more` : "";
  const how = "Give limit, namespace or name_prefix to see them.";
  return [`${count} left out: ${names.join(", ")}${more}. ${how}`];
}
