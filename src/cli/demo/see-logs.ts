import { type LogsAnswer, logsAnswer } from "./answers.ts";
import type { Lines, Trouble } from "./case.ts";
import { logGroupsOf } from "./choose-alarm.ts";
import { clockTime } from "./figures.ts";
import type { Guide } from "./guide.ts";

/** From the words that errors use to whatever was written: the first that finds lines is taken. */
const PATTERNS = ["?ERROR ?Error ?Exception ?FATAL ?panic", "{ $.status >= 500 }", "*"] as const;

const MOST_GROUPS = 2;
const MOST_EVENTS = 20;
const MOST_KINDS = 3;

/** What the alarm's log groups say since the onset; the first group with lines of errors is taken. */
export async function seeLogs(
  guide: Guide,
  { primary, alarms }: Trouble,
  onset: string,
): Promise<Lines | undefined> {
  await guide.page.heading("Logs");
  const groups = logGroupsOf(primary, alarms).slice(0, MOST_GROUPS);
  if (groups.length === 0) await guide.page.says("No log group is known to belong to the alarm.");
  for (const pattern of PATTERNS) {
    for (const group of groups) {
      const lines = await linesOf(guide, group, pattern, onset);
      if (lines) return lines;
    }
  }
  return undefined;
}

async function linesOf({ look }: Guide, group: string, pattern: string, onset: string) {
  const args = {
    ...{ log_group: group, filter_pattern: pattern },
    ...{ start_time: onset, max_events: MOST_EVENTS },
  };
  const found = await look("fetch_log_events", args, logsAnswer, logLines);
  const [first] = found?.events ?? [];
  if (found === undefined || first === undefined) return undefined;
  return { ...summary(found, first.message), group };
}

function summary({ found, complete, repeated, events }: LogsAnswer, first: string) {
  const [commonest] = repeated;
  const sample = events.find(({ message }) => commonest && alike(commonest.template, message));
  return {
    ...{ found, complete },
    sample: sample?.message ?? first,
    streams: [...new Set(events.map(({ stream }) => stream))],
  };
}

/** Whether the line is of the template: its words stand in the line, in order. */
export function alike(template: string, line: string): boolean {
  const words = template.split(/<[a-z]+>/).map((word) => word.trim());
  let at = 0;
  return words.every((word) => {
    const found = line.indexOf(word, at);
    at = found + word.length;
    return found >= 0;
  });
}

function logLines({ found, complete, repeated, events }: LogsAnswer): readonly string[] {
  const [newest] = events;
  if (newest === undefined) return ["No line matches."];
  return [
    `${complete ? "" : "at least "}${found} lines since the onset`,
    ...repeated.slice(0, MOST_KINDS).map(({ template, count }) => `${count}× ${template}`),
    `newest, ${clockTime(newest.at)}: ${newest.message}`,
  ];
}
