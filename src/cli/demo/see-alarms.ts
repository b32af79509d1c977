import { count } from "#domain/text/table.ts";
import { type Alarm, type AlarmsAnswer, alarmsAnswer, historyAnswer } from "./answers.ts";
import type { Trouble } from "./case.ts";
import { primaryAlarm } from "./choose-alarm.ts";
import { clockTime } from "./figures.ts";
import type { Guide } from "./guide.ts";

const MOST_SHOWN = 6;

/** What fires, and which of it to begin with. */
export async function seeAlarms({ look, need, page }: Guide): Promise<Trouble | undefined> {
  await page.heading("Alarm");
  const { alarms } = await need("list_active_alarms", {}, alarmsAnswer, alarmLines);
  const primary = primaryAlarm(alarms);
  if (primary === undefined) return undefined;
  await page.says(`${primary.name} first: ${reasonToBegin(primary, alarms)}.`);
  await page.heading("History");
  const args = { alarm_name: primary.name };
  await look("get_alarm_history", args, historyAnswer, (history) => [
    ...history.changes.slice(0, 3).map(({ at, from, to }) => `${clockTime(at)} ${from} → ${to}`),
    `${count(history.firings, "firing")} in the last day; ${count(history.configuration_changes.length, "change")} of its configuration`,
  ]);
  return { alarms, primary };
}

function alarmLines({ matching, alarms, next }: AlarmsAnswer): readonly string[] {
  if (matching === 0) return ["Nothing fires.", next];
  const shown = alarms.slice(0, MOST_SHOWN).map(alarmLine);
  const rest = matching - shown.length;
  return [
    `${count(matching, "alarm")} in ALARM:`,
    ...shown,
    ...(rest > 0 ? [`and ${rest} more`] : []),
  ];
}

function alarmLine({ name, kind, since, watches, children, muted }: Alarm): string {
  const about = children ? `${children.in_alarm.length} children in ALARM` : brief(watches);
  const quiet = muted === undefined ? "" : ", muted";
  return `- ${name} (${kind}${quiet}) since ${clockTime(since)}: ${about}`;
}

/** Without the dimensions, which the metric's call shows. */
function brief(watches: string): string {
  return watches.replace(/ \{[^}]*\}/, "");
}

function reasonToBegin({ name }: Alarm, alarms: readonly Alarm[]): string {
  if (alarms.length === 1) return "it is the only one";
  const parent = alarms.find(({ children }) => children?.in_alarm.includes(name));
  return parent ? `the first under ${parent.name} to fire` : "the first to fire";
}
