import type { LogEvent } from "./event.ts";

/** Lines that differ only in their numbers and ids. */
export interface LineGroup {
  /** The line with what varies masked. */
  readonly template: string;
  readonly count: number;
  readonly firstAt: Date;
  readonly lastAt: Date;
}

/** What varies from line to line, most specific first, and the mark that stands for it. */
const VARIES: readonly (readonly [RegExp, string])[] = [
  [/\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d+)?(?:Z|[+-]\d\d:?\d\d)?/g, "<time>"],
  [/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/gi, "<id>"],
  [/\b\d{1,3}(?:\.\d{1,3}){3}(?::\d+)?\b/g, "<ip>"],
  [/\b0x[0-9a-f]+\b/gi, "<id>"],
  [/\b(?=\d*[a-f])(?=[a-f]*\d)[0-9a-f]{8,}\b/gi, "<id>"],
  [/\b(?!\d+[a-z]+\b)(?=[a-z0-9]*\d[a-z0-9]*\d)(?=\d*[a-z])[a-z0-9]{5,}\b/gi, "<id>"],
  [/(?<![\w.])-?\d+(?:\.\d+)?(?=[a-z]*\b)/gi, "<n>"],
];

/** Longest line that is masked; what follows rarely tells lines apart. */
const MAX_LINE = 400;

/** The line's first part with times, ids, addresses and numbers masked. */
export function template(message: string): string {
  const line = message.slice(0, MAX_LINE).replaceAll(/\s+/g, " ").trim();
  return VARIES.reduce((text, [pattern, mark]) => text.replaceAll(pattern, mark), line);
}

/** Lines by template, the most frequent first. */
export function lineGroups(events: readonly LogEvent[]): LineGroup[] {
  const groups = new Map<string, LineGroup>();
  for (const { at, message } of events) {
    const key = template(message);
    groups.set(key, joined(groups.get(key), key, at));
  }
  return [...groups.values()].sort(
    (a, b) => b.count - a.count || b.lastAt.getTime() - a.lastAt.getTime(),
  );
}

function joined(group: LineGroup | undefined, key: string, at: Date): LineGroup {
  if (!group) return { template: key, count: 1, firstAt: at, lastAt: at };
  const firstAt = at < group.firstAt ? at : group.firstAt;
  const lastAt = at > group.lastAt ? at : group.lastAt;
  return { template: key, count: group.count + 1, firstAt, lastAt };
}

/** The same lines in another order: first the first of each template, so that a rare line is not cut off. */
export function eachKindFirst(events: readonly LogEvent[]): LogEvent[] {
  const first = new Map<string, LogEvent>();
  for (const event of events) {
    const key = template(event.message);
    if (!first.has(key)) first.set(key, event);
  }
  const ahead = new Set(first.values());
  return [...ahead, ...events.filter((event) => !ahead.has(event))];
}
