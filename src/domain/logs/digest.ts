import { cleanText } from "#domain/text/redact.ts";
import type { LogEntry } from "./entry.ts";
import { folded } from "./fold.ts";
import { type Level, levels } from "./level.ts";
import type { LogRecord } from "./record.ts";
import { template } from "./template.ts";

/** An entry as it is shown. The text is untrusted. */
export interface ShownEntry {
  readonly at?: Date;
  readonly source: string;
  readonly level: Level;
  readonly text: string;
}

/** Entries that differ only in numbers and ids. */
export interface Pattern {
  readonly template: string;
  readonly level: Level;
  readonly count: number;
  readonly firstAt?: Date;
  readonly lastAt?: Date;
  /** The newest of them. */
  readonly example: string;
  readonly sources: number;
}

/** What was found, at a cost in memory that does not grow with what was read. */
export interface Digest {
  add(source: string, entry: LogEntry, record: LogRecord): void;
  /** How many there are of each level, the gravest first. */
  levels(): Readonly<Partial<Record<Level, number>>>;
  /** The gravest first, then the most frequent; at most so many. */
  patterns(most: number): readonly Pattern[];
  /** How many patterns there are; of entries beyond those that are kept apart, each counts as one. */
  kinds(): number;
  /** The newest, oldest first. */
  newest(): readonly ShownEntry[];
}

/** Kinds that are kept apart. */
const MOST_PATTERNS = 500;

interface Kept {
  readonly template: string;
  readonly sources: Set<string>;
  level: Level;
  count: number;
  firstAt: Date | undefined;
  lastAt: Date | undefined;
  example: string;
}

/** Keeps the newest `most` entries of each source, and counts all of them. */
export function digest(most: number): Digest {
  const kinds = new Map<string, Kept>();
  const counts = new Map<Level, number>();
  const newest = new Map<string, ShownEntry[]>();
  let unsorted = 0;
  return {
    add(source, entry, record) {
      counts.set(record.level, (counts.get(record.level) ?? 0) + 1);
      remember(newest, { source, ...shownOf(entry, record) }, most);
      const key = keyOf(record);
      const kept = kinds.get(key) ?? (kinds.size < MOST_PATTERNS ? begun(record) : undefined);
      if (kept) kinds.set(key, counted(kept, source, entry, record));
      else unsorted += 1;
    },
    levels: () =>
      Object.fromEntries(
        levels.flatMap((level) => (counts.has(level) ? [[level, counts.get(level)]] : [])),
      ),
    patterns: (wanted) =>
      [...kinds.values()].toSorted(gravestFirst).slice(0, wanted).map(patternOf),
    kinds: () => kinds.size + unsorted,
    newest: () =>
      [...newest.values()]
        .flat()
        .toSorted(byTime)
        .slice(-most)
        .map((entry) => ({ ...entry, text: folded(entry.text) })),
  };
}

function shownOf({ at, text }: LogEntry, { level, text: said }: LogRecord) {
  return { ...(at ? { at } : {}), level, text: said === "" ? text : said };
}

function remember(newest: Map<string, ShownEntry[]>, entry: ShownEntry, most: number): void {
  const own = newest.get(entry.source) ?? [];
  newest.set(entry.source, own);
  own.push(entry);
  // Now and then, for shifting one by one costs as much as the list is long.
  if (own.length >= 2 * most) own.splice(0, own.length - most);
}

/** An id that happens to hold digits alone is no other kind of line. */
function keyOf({ level, headline }: LogRecord): string {
  return `${level} ${template(headline).replaceAll(/<(n|id)>/g, "<>")}`;
}

function begun({ level, headline }: LogRecord): Kept {
  const never = { firstAt: undefined, lastAt: undefined };
  const of = template(cleanText(headline));
  return { template: of, sources: new Set(), level, count: 0, ...never, example: "" };
}

function counted(kept: Kept, source: string, { at }: LogEntry, { text }: LogRecord): Kept {
  kept.count += 1;
  kept.sources.add(source);
  if (at && (!kept.firstAt || at < kept.firstAt)) kept.firstAt = at;
  if (at && kept.lastAt && at < kept.lastAt) return kept;
  kept.lastAt = at ?? kept.lastAt;
  kept.example = text;
  return kept;
}

function patternOf({ sources, firstAt, lastAt, example, ...rest }: Kept): Pattern {
  const times = firstAt && lastAt ? { firstAt, lastAt } : {};
  return { ...rest, ...times, example: folded(example), sources: sources.size };
}

function gravestFirst(a: Kept, b: Kept): number {
  return levels.indexOf(a.level) - levels.indexOf(b.level) || b.count - a.count;
}

function byTime(a: ShownEntry, b: ShownEntry): number {
  return (a.at?.getTime() ?? 0) - (b.at?.getTime() ?? 0);
}
