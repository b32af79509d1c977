import { SECOND } from "#domain/window.ts";
import type { LogLine } from "./line.ts";
import { begins, goesOn, type Run } from "./trace.ts";

/** What a program said at once: a line, or a line with its stack trace. */
export interface LogEntry {
  readonly at?: Date;
  /** Its lines, joined by newlines; the middle of a very long entry is left out. */
  readonly text: string;
  readonly lines: number;
}

/** Lines of one entry that are kept: the first and the last so many. */
const KEPT = { first: 60, last: 30 };
/** Characters of one line that are kept. */
const LONGEST_LINE = 16_000;
/** What comes later is no longer the same cry. */
const GAP_MS = 5 * SECOND;

/** Colours and cursor movements of terminals. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is stripped
const ESCAPES = /\u001b\[[0-9;?]*[A-Za-z]|\u001b[()][A-Z0-9]|\u0000/g;

/** Joins lines that belong together: stack traces of Java, Python, Go and Node, indented lines, keys in PEM. */
export function* entriesOf(lines: Iterable<LogLine>): Generator<LogEntry> {
  let open: Open | undefined;
  for (const line of lines) {
    const text = line.text.replaceAll(ESCAPES, "").slice(0, LONGEST_LINE);
    const run = open && near(open, line) ? goesOn(open, text) : undefined;
    if (open && run) {
      grow(open, line, text, run);
      continue;
    }
    if (open) yield closed(open);
    open = text.trim() === "" ? undefined : opened(line, text);
  }
  if (open) yield closed(open);
}

interface Open {
  readonly at: Date | undefined;
  readonly first: string[];
  readonly head: string;
  ending: string[];
  count: number;
  run: Run;
  last: string;
  lastAt: Date | undefined;
}

function opened({ at }: LogLine, text: string): Open {
  const first = [text];
  return { at, first, head: text, ending: [], count: 1, run: begins(text), last: text, lastAt: at };
}

function near({ lastAt }: Open, { at }: LogLine): boolean {
  return !lastAt || !at || at.getTime() - lastAt.getTime() <= GAP_MS;
}

function grow(open: Open, { at }: LogLine, text: string, run: Run): void {
  open.run = run;
  open.lastAt = at ?? open.lastAt;
  open.count += 1;
  if (text.trim() !== "") open.last = text;
  if (open.first.length < KEPT.first) open.first.push(text);
  else open.ending = [...open.ending, text].slice(-KEPT.last);
}

function closed({ at, first, ending, count }: Open): LogEntry {
  const missing = count - first.length - ending.length;
  const gap = missing > 0 ? [`… ${missing} lines left out …`] : [];
  const text = [...first, ...gap, ...ending].join("\n").trimEnd();
  return { ...(at ? { at } : {}), text, lines: count };
}
