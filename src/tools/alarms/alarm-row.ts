import * as z from "zod";
import type { Alarm } from "#domain/alarms/alarm.ts";
import { children, inNamespace } from "#domain/alarms/family.ts";
import type { RelatedGroup } from "#domain/alarms/log-groups.ts";
import { activeMute } from "#domain/alarms/mute.ts";
import { evaluatedQuery, metricsOf, watches } from "#domain/alarms/watches.ts";
import { duration, isoSeconds } from "#domain/text/time.ts";
import { clip, quoted } from "#domain/text/untrusted.ts";
import type { Survey } from "./survey.ts";

const MAX_REASON = 140;
const MAX_DESCRIPTION = 160;
const MAX_GROUPS = 3;
const MAX_CHILDREN = 10;

export const alarmRow = z.object({
  region: z.string(),
  name: z.string(),
  kind: z.enum(["metric", "composite", "log"]),
  state: z.enum(["OK", "ALARM", "INSUFFICIENT_DATA"]),
  since: z.string(),
  for: z.string(),
  watches: z.string(),
  /** The metric that is compared with the threshold, ready for get_metric_statistics. */
  metric: z
    .object({
      namespace: z.string(),
      metric_name: z.string(),
      dimensions: z.record(z.string(), z.string()),
    })
    .optional(),
  /** What its author says of it. */
  description: z.string().optional(),
  reason: z.string(),
  children: z
    .object({ total: z.int(), in_alarm: z.array(z.string()), in_alarm_total: z.int() })
    .optional(),
  matched_through_children: z.boolean().optional(),
  muted: z.object({ rule: z.string(), until: z.string().optional() }).optional(),
  suppressed_by: z.string().optional(),
  /** Only when it tells nobody. */
  actions_disabled: z.boolean().optional(),
  evaluation: z.string().optional(),
  log_groups: z.array(z.object({ name: z.string(), known_by: z.string() })),
  console_url: z.string().optional(),
});
export type AlarmRow = z.output<typeof alarmRow>;

/** One alarm as the answer shows it. */
export function toRow(
  alarm: Alarm,
  survey: Survey,
  groups: readonly RelatedGroup[],
  namespace: string | undefined,
): z.input<typeof alarmRow> {
  const { name, kind, state, since } = alarm;
  return {
    region: survey.place.label,
    name,
    kind,
    state,
    since: isoSeconds(since),
    for: duration(survey.now.getTime() - since.getTime()),
    watches: watches(alarm),
    metric: metricOf(alarm),
    description: alarm.description ? clip(alarm.description, MAX_DESCRIPTION) : undefined,
    reason: clip(alarm.stateReason, MAX_REASON),
    children: kind === "composite" ? childrenOf(alarm, survey) : undefined,
    matched_through_children: throughChildren(alarm, survey, namespace),
    muted: mutedBy(alarm, survey),
    suppressed_by: alarm.suppressedBy,
    actions_disabled: alarm.actionsEnabled ? undefined : true,
    evaluation: alarm.evaluation,
    log_groups: groups.slice(0, MAX_GROUPS).map((g) => ({ name: g.name, known_by: g.knownBy })),
    console_url: survey.place.ports.alarms.consoleUrl(name),
  };
}

function metricOf(alarm: Alarm): AlarmRow["metric"] {
  const metric = evaluatedQuery(alarm.queries)?.metric ?? metricsOf(alarm)[0];
  if (!metric) return undefined;
  const { namespace, name, dimensions } = metric;
  return { namespace, metric_name: name, dimensions };
}

function childrenOf(alarm: Alarm, { known }: Survey): AlarmRow["children"] {
  const all = children(alarm, known);
  const firing = all.filter(({ state }) => state === "ALARM").map(({ name }) => name);
  return {
    total: all.length,
    in_alarm: firing.slice(0, MAX_CHILDREN),
    in_alarm_total: firing.length,
  };
}

/** A composite alarm has no namespace of its own; it is found by the alarms under it. */
function throughChildren(alarm: Alarm, { known }: Survey, namespace: string | undefined) {
  if (namespace === undefined || alarm.kind !== "composite") return undefined;
  return inNamespace(alarm, namespace, known);
}

function mutedBy(alarm: Alarm, { mutes }: Survey): AlarmRow["muted"] {
  const rule = activeMute(alarm.name, mutes);
  return rule && { rule: rule.name, until: rule.until && isoSeconds(rule.until) };
}

/** One alarm for a reader: what, since when, and what bears on it. */
export function rowText(row: AlarmRow): string {
  const lines = [
    `**${row.name}** (${row.kind}, ${row.region}): ${row.state} for ${row.for}, since ${row.since}`,
    `- watches ${row.watches}`,
    row.description && `- described as ${quoted(row.description)}`,
    `- reason ${quoted(row.reason)}`,
    row.children && `- ${childrenText(row.children)}`,
    row.matched_through_children && "- found through the alarms under it",
    ...quietText(row),
    row.evaluation && `- the backend could not evaluate it fully: ${row.evaluation}`,
    ...row.log_groups.map((group) => `- log group ${group.name} (${group.known_by})`),
    row.console_url && `- ${row.console_url}`,
  ];
  return lines.filter((line) => typeof line === "string").join("\n");
}

function childrenText({ total, in_alarm, in_alarm_total }: NonNullable<AlarmRow["children"]>) {
  const rest = in_alarm_total - in_alarm.length;
  const names = `${in_alarm.join(", ")}${rest > 0 ? ` and ${rest} more` : ""}`;
  return `${in_alarm_total} of ${total} children in ALARM${names === "" ? "" : `: ${names}`}`;
}

/** Why nobody may have been told. */
function quietText(row: AlarmRow): string[] {
  const { muted, suppressed_by: suppressor } = row;
  return [
    muted ? `- muted by rule ${muted.rule}${muted.until ? ` until ${muted.until}` : ""}` : "",
    suppressor ? `- its actions are suppressed by ${suppressor}` : "",
    row.actions_disabled ? "- its actions are disabled: it tells nobody" : "",
  ].filter((line) => line !== "");
}
