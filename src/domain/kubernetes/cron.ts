import { MINUTE } from "#domain/window.ts";

/** Sets of minutes, hours, days of the month, months and days of the week (0 is Sunday). */
interface Schedule {
  readonly fields: readonly ReadonlySet<number>[];
  /** Days of month and week are alternatives when both are restricted. */
  readonly eitherDay: boolean;
}

const MACROS: Readonly<Record<string, string>> = {
  "@yearly": "0 0 1 1 *",
  "@annually": "0 0 1 1 *",
  "@monthly": "0 0 1 * *",
  "@weekly": "0 0 * * 0",
  "@daily": "0 0 * * *",
  "@midnight": "0 0 * * *",
  "@hourly": "0 * * * *",
};

const RANGES = [
  [0, 59],
  [0, 23],
  [1, 31],
  [1, 12],
  [0, 7],
] as const;

const NAMES: readonly (readonly string[])[] = [
  [],
  [],
  [],
  ["", "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"],
  ["sun", "mon", "tue", "wed", "thu", "fri", "sat"],
];

/** Reads a schedule of five fields or a macro. Undefined when it is neither. */
export function readSchedule(text: string): Schedule | undefined {
  const parts = (MACROS[text.trim()] ?? text).trim().toLowerCase().split(/\s+/);
  if (parts.length !== 5) return undefined;
  const fields = parts.map((part, index) => readField(part, index));
  if (fields.some((field) => field.size === 0)) return undefined;
  const restricted = [parts[2], parts[4]].every((part) => part !== "*" && part !== "?");
  return { fields, eitherDay: restricted };
}

function readField(text: string, index: number): ReadonlySet<number> {
  return new Set(text.split(",").flatMap((part) => readPart(part, index)));
}

function readPart(part: string, index: number): readonly number[] {
  const [least, most] = RANGES[index] ?? [0, 0];
  const [range = "", every] = part.split("/");
  const [from = "", to] = range.split("-");
  const step = Number(every ?? 1);
  const first = ["*", "?"].includes(range) ? least : numberOf(from, index);
  const open = ["*", "?"].includes(range) || every !== undefined;
  const last = to === undefined ? (open ? most : first) : numberOf(to, index);
  if (![first, last, step].every(Number.isInteger) || step < 1) return [];
  const values = Array.from({ length: Math.max(0, last - first + 1) }, (_, n) => first + n);
  // Sunday is 0 and 7.
  return values
    .filter((value) => (value - first) % step === 0)
    .map((v) => (index === 4 ? v % 7 : v));
}

function numberOf(text: string, index: number): number {
  if (text === "") return Number.NaN;
  const named = (NAMES[index] ?? []).indexOf(text);
  return named >= 0 ? named : Number(text);
}

/** How far back a run is looked for. */
const HORIZON_MINUTES = 8 * 24 * 60;

/** The last `most` times at or before `now` at which it was due, newest first, within eight days. UTC. */
export function lastRuns(schedule: Schedule, now: Date, most: number): readonly Date[] {
  const found: Date[] = [];
  const start = Math.floor(now.getTime() / MINUTE);
  for (let back = 0; back < HORIZON_MINUTES && found.length < most; back += 1) {
    const at = new Date((start - back) * MINUTE);
    if (isDue(schedule, at)) found.push(at);
  }
  return found;
}

function isDue({ fields, eitherDay }: Schedule, at: Date): boolean {
  const [minutes, hours, days, months, weekdays] = fields;
  const day = days?.has(at.getUTCDate()) ?? false;
  const weekday = weekdays?.has(at.getUTCDay()) ?? false;
  const onDay = eitherDay ? day || weekday : day && weekday;
  const timed = minutes?.has(at.getUTCMinutes()) && hours?.has(at.getUTCHours());
  return Boolean(timed && onDay && months?.has(at.getUTCMonth() + 1));
}
