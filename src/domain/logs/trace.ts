import { plainLevel } from "./level.ts";

/** What an entry that goes on over several lines is. */
export type Run = "plain" | "json" | "python" | "python-end" | "go" | "key";

/** A line that begins a record of its own: a time, a level or JSON stands at its head. */
const HEAD =
  /^\[?(\d{4}[-/]\d\d[-/]\d\d[T ]|\d\d:\d\d:\d\d\b|\{"|[FEWI]\d{4} \d\d:\d\d|(time|ts|level)=|[A-Z][a-z]{2} +\d+ \d\d:\d\d|(TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|FATAL|CRITICAL)\b)/;

const PYTHON = /Traceback \(most recent call last\):\s*$/;
/** Whole by itself. */
const JSON_LINE = /^\s*\{.*\}\s*$/;
const GO = /^(panic: |fatal error: |goroutine \d+ \[)/;
const KEY = /-----BEGIN [A-Z ]+-----/;
const KEY_END = /-----END [A-Z ]+-----/;
/** A line of a key in PEM, whose beginning may not have been read. */
const KEY_LINE = /^[A-Za-z0-9+/]{64}$/;
/** What stands within it: base64, and headers of an encrypted key. */
const KEY_BODY = /^\s*([A-Za-z0-9+/=]*|(Proc-Type|DEK-Info): .*)\s*$/;
/** Between the tracebacks of one chain. */
const CHAIN = /^(During handling of the above exception|The above exception was the direct cause)/;
/** Java's further causes, closers of a printed object, the line that Node ends with. */
const GOES_ON =
  /^(Caused by: |Suppressed: |\.\.\. \d+ (more|common frames)|[}\])]+[,;]?\s*$|Node\.js v)/;
/** An exception on a line of its own, below the line that reports it. */
const EXCEPTION =
  /^(Uncaught )?([A-Za-z_$][\w$]*\.)*([A-Z][\w$]*)?(Exception|Error|Throwable)\b(: |$)/;
/** Node's mark below the faulty source. */
const CARET = /^\s*\^+\s*$/;

export function begins(text: string): Run {
  if (PYTHON.test(text)) return "python";
  if (GO.test(text)) return "go";
  if (JSON_LINE.test(text)) return "json";
  return (KEY.test(text) && !KEY_END.test(text)) || KEY_LINE.test(text) ? "key" : "plain";
}

/** The entry so far: what it is, its first line, and its last that is not blank. */
export interface Before {
  readonly run: Run;
  readonly head: string;
  readonly last: string;
}

/** What the entry is with this line in it; nothing when the line begins another. */
export function goesOn(before: Before, text: string): Run | undefined {
  switch (before.run) {
    case "json":
      return undefined;
    case "key":
      return inKey(text);
    case "go":
      return HEAD.test(text) ? undefined : "go";
    case "python":
      return inTraceback(text);
    case "python-end":
      return afterTraceback(text) ?? plainGoesOn(before, text);
    case "plain":
      return plainGoesOn(before, text);
  }
}

function inKey(text: string): Run | undefined {
  if (KEY_END.test(text)) return "plain";
  return KEY_BODY.test(text) ? "key" : undefined;
}

/** Frames are indented; the first line that is not names the exception. */
function inTraceback(text: string): Run | undefined {
  if (/^\s|^$/.test(text)) return "python";
  return HEAD.test(text) ? undefined : "python-end";
}

function afterTraceback(text: string): Run | undefined {
  if (PYTHON.test(text)) return "python";
  return CHAIN.test(text) || text.trim() === "" ? "python-end" : undefined;
}

function plainGoesOn({ head, last }: Before, text: string): Run | undefined {
  if (/^\s+\S/.test(text) || text.trim() === "" || GOES_ON.test(text)) return "plain";
  if (PYTHON.test(text)) return isBad(head) ? "python" : undefined;
  return EXCEPTION.test(text) && (CARET.test(last) || isBad(head)) ? "plain" : undefined;
}

function isBad(text: string): boolean {
  return ["fatal", "error", "warn"].includes(plainLevel(text));
}

/** The line that names the failure: an exception's own, at the end of a traceback or below the line that reports it. */
export function exceptionLine(lines: readonly string[]): string | undefined {
  if (lines.some((line) => PYTHON.test(line))) {
    return lines.findLast((line) => /^\S/.test(line) && !PYTHON.test(line));
  }
  return lines.slice(1).find((line) => EXCEPTION.test(line));
}
