/** How grave an entry is, the gravest first. */
export const levels = ["fatal", "error", "warn", "info", "debug", "unknown"] as const;
export type Level = (typeof levels)[number];

const words: Readonly<Record<string, Level>> = {
  fatal: "fatal",
  panic: "fatal",
  critical: "fatal",
  crit: "fatal",
  emerg: "fatal",
  emergency: "fatal",
  alert: "fatal",
  severe: "error",
  error: "error",
  err: "error",
  eror: "error",
  fail: "error",
  warning: "warn",
  warn: "warn",
  wrn: "warn",
  notice: "info",
  info: "info",
  information: "info",
  inf: "info",
  log: "info",
  debug: "debug",
  dbg: "debug",
  trace: "debug",
  verbose: "debug",
  fine: "debug",
  silly: "debug",
};

/** Initials of klog. */
const initials: Readonly<Record<string, Level>> = { F: "fatal", E: "error", W: "warn", I: "info" };

/** By a level's name, or by its number as pino and bunyan count: 10 is trace, 60 fatal. */
export function namedLevel(name: unknown): Level | undefined {
  if (typeof name === "string") return words[name.toLowerCase()];
  if (typeof name !== "number" || name < 10 || name > 60) return undefined;
  if (name >= 60) return "fatal";
  if (name >= 50) return "error";
  if (name >= 40) return "warn";
  return name >= 30 ? "info" : "debug";
}

/** How far into a line its level is looked for: after a time, a thread, a class. */
const HEAD = 120;

const NAMED = /(?:^|[\s,{["'])(?:level|lvl|severity)["']?[=:]\s*["']?([A-Za-z]+)/;
const KLOG = /^([FEWI])\d{4} \d\d:\d\d:\d\d/;
/** Upper case, or set apart by brackets. */
const SPELLED =
  /(?:^|[\s[(|:<])(TRACE|DEBUG|INFO|NOTICE|WARN|WARNING|ERROR|ERR|SEVERE|FATAL|CRITICAL|CRIT|PANIC|EMERG|ALERT)(?=[\s\])|:>,]|$)|[[(<](trace|debug|info|notice|warn|warning|error|fatal|critical|crit|emerg|alert)[\])>]|^(debug|info|warn|warning|error|fatal)[:\s]/;

const FATAL = /^(panic|fatal error|runtime error): |\bSIG(SEGV|ABRT|BUS|ILL)\b|\bout of memory\b/i;
const ERROR =
  /\b\w*(Exception|Error)\b|^Traceback \(most|\b(failed|failure|refused|denied|unreachable|cannot|could not|unable to|timed? ?out|exited with)\b/i;
/** Such a count tells that all is well. */
const NO_ERRORS = /\b(0|no|without) (errors?|failures?|exceptions?)\b/i;
const WARN = /\b(deprecat\w+|retry(ing)?|slow|throttl\w+|backoff|back-off)\b/i;

/** The level that a plain line names, else what its words let one guess. */
export function plainLevel(text: string): Level {
  const head = text.slice(0, HEAD);
  return spelledLevel(head) ?? guessed(text);
}

/** The level that the line's head names. */
export function spelledLevel(head: string): Level | undefined {
  const [, initial = ""] = KLOG.exec(head) ?? [];
  const [, named] = NAMED.exec(head) ?? [];
  return initials[initial] ?? namedLevel(named) ?? namedLevel(spelled(head));
}

function spelled(head: string): string | undefined {
  const [, ...found] = SPELLED.exec(head) ?? [];
  return found.find((word) => word !== undefined);
}

function guessed(text: string): Level {
  if (FATAL.test(text)) return "fatal";
  if (ERROR.test(text) && !NO_ERRORS.test(text)) return "error";
  return WARN.test(text) ? "warn" : "unknown";
}
