import { isObject } from "#domain/json.ts";
import { isSecretName } from "#domain/text/redact.ts";
import { type Level, namedLevel, plainLevel, spelledLevel } from "./level.ts";
import { exceptionLine } from "./trace.ts";

/** An entry as a person reads it. */
export interface LogRecord {
  readonly level: Level;
  /** Without the time that stands before it; of JSON its level and message, then its other fields as `key=value`. */
  readonly text: string;
  /** What is the same in entries of one kind: the first line, or the message, and the exception. */
  readonly headline: string;
}

type Fields = Readonly<Record<string, unknown>>;

/** Reads an entry: one JSON object, or plain text. */
export function readRecord(text: string): LogRecord {
  const fields = jsonOf(text);
  return fields ? jsonRecord(fields) : plainRecord(text);
}

function jsonOf(text: string): Fields | undefined {
  if (!/^\s*\{[\s\S]*\}\s*$/.test(text)) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const names = {
  level: ["level", "severity", "lvl", "loglevel", "log_level", "levelname", "log.level", "@l"],
  message: ["message", "msg", "@message", "@m", "log", "event", "text", "short_message"],
  error: ["error", "err", "exception", "exc_info", "stack", "stack_trace", "stacktrace"],
  /** They tell nothing that is not known, or nothing to a person. */
  dull: ["time", "ts", "timestamp", "@timestamp", "@t", "datetime", "date", "pid", "hostname", "v"],
} as const;

const told: ReadonlySet<string> = new Set(Object.values(names).flat());

/** Other fields that are shown, and characters of each. */
const MOST_FIELDS = 8;
const LONGEST_FIELD = 120;

function jsonRecord(fields: Fields): LogRecord {
  const message = scalars(fields, names.message)[0] ?? "";
  const failure = errorText(fields);
  const headline = [message, firstLine(failure)].filter((part) => part !== "").join(": ");
  const head = [headline, ...others(fields)].join(" ").trim();
  const trace = failure.split("\n").slice(1);
  const level = names.level.map((name) => namedLevel(fields[name])).find((known) => known);
  return {
    level: level ?? plainLevel(`${message} ${failure}`),
    text: [level ? `${level.toUpperCase()} ${head}` : head, ...trace].join("\n"),
    headline: headline === "" ? head : headline,
  };
}

/** What an error field says, a stack with its lines; an object by its message, or its stack. */
function errorText(fields: Fields): string {
  const values = names.error.map((name) => fields[name]);
  const texts = values.flatMap((value) =>
    isObject(value) ? scalars(value, ["stack", "message", "msg", "type"]).slice(0, 1) : text(value),
  );
  const distinct = texts.filter(
    (one, index) => one !== "" && !texts.some((other, at) => at !== index && other.includes(one)),
  );
  return (distinct.length > 0 ? distinct : texts.slice(0, 1)).join(": ");
}

function others(fields: Fields): readonly string[] {
  const rest = Object.entries(fields).filter(([name]) => !told.has(name));
  const shown = rest.flatMap(([name, value]) => text(value).map((one) => fieldText(name, one)));
  return shown.slice(0, MOST_FIELDS);
}

/** Quoted where it has spaces, so that its end is seen: by a reader, and by what masks secrets. */
function fieldText(name: string, value: string): string {
  if (isSecretName(name)) return `${name}=[redacted]`;
  const cut = value.slice(0, LONGEST_FIELD);
  return `${name}=${/[\s"]/.test(cut) ? JSON.stringify(cut) : cut}`;
}

function scalars(fields: Fields, wanted: readonly string[]): readonly string[] {
  return wanted.flatMap((name) => text(fields[name])).filter((one) => one !== "");
}

function text(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  return typeof value === "number" || typeof value === "boolean" ? [String(value)] : [];
}

/** A time at the head of a line, which the runtime's own makes needless; in brackets, or before a level. */
const TIME =
  /^\[?\d{4}[-/]\d\d[-/]\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?: ?(?:Z|UTC|[+-]\d\d:?\d\d))?\]?[\s:,-]*/;

function plainRecord(entry: string): LogRecord {
  const shown = entry.replace(TIME, "");
  const lines = shown.split("\n");
  const [first = ""] = lines;
  const named = exceptionLine(lines);
  const bare = /^Traceback /.test(first) && named !== undefined;
  const parts = bare ? [named] : [first, ...(named === undefined ? [] : [named])];
  const level = spelledLevel(first.slice(0, 120));
  return {
    level: level ?? plainLevel(parts.join(" ")),
    text: shown === "" ? entry : shown,
    headline: parts.join(" | "),
  };
}

function firstLine(value: string): string {
  return value.split("\n", 1)[0] ?? "";
}
