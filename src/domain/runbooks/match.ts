import { RE2JS } from "re2js";
import * as z from "zod";
import { matchesGlob } from "#domain/text/glob.ts";
import { glob, identifier, line } from "./fields.ts";

const pattern = z.string().min(1).max(300).refine(compiles, "is no RE2 expression");

/** One thing that speaks for the runbook. Globs and reasons ignore case. */
const signSchema = z.union([
  z.strictObject({ alarm_name: glob }),
  z.strictObject({ alarm_namespace: glob }),
  z.strictObject({ metric: glob }),
  z.strictObject({ reason: line }),
  z.strictObject({ log_pattern: pattern }),
  z.strictObject({ incident_type: identifier }),
  z.strictObject({ labels: z.record(z.string(), glob) }),
]);
type Sign = z.output<typeof signSchema>;

export const matchSchema = z.strictObject({
  /** The runbook does not match while one of these is known to be otherwise. */
  all: z.array(signSchema).default([]),
  any: z.array(signSchema).min(1),
  /** Words in which people speak of it; found by search. */
  symptoms: z.array(line).min(1),
  /** Puts the more specific runbook first among equals. */
  priority: z.int().min(0).max(100).default(50),
});
export type Match = z.output<typeof matchSchema>;

/** What is known of a fault. Absent means not known. */
export interface Signals {
  readonly alarmName?: string | undefined;
  readonly alarmNamespace?: string | undefined;
  readonly metric?: string | undefined;
  readonly reason?: string | undefined;
  readonly logLine?: string | undefined;
  readonly incidentType?: string | undefined;
  readonly labels?: Readonly<Record<string, string>> | undefined;
}

/** Signs of the runbook that the signals show, in words; empty when it does not match. */
export function signsShown({ all, any }: Match, signals: Signals): readonly string[] {
  if (all.some((sign) => shows(sign, signals) === false)) return [];
  return [...all, ...any].filter((sign) => shows(sign, signals) === true).map(inWords);
}

/** `undefined` when nothing is known either way. */
function shows(sign: Sign, signals: Signals): boolean | undefined {
  if ("alarm_name" in sign) return alike(sign.alarm_name, signals.alarmName);
  if ("alarm_namespace" in sign) return alike(sign.alarm_namespace, signals.alarmNamespace);
  if ("metric" in sign) return alike(sign.metric, signals.metric);
  if ("reason" in sign) return alike(sign.reason, signals.reason);
  if ("incident_type" in sign) return alike(sign.incident_type, signals.incidentType);
  if ("labels" in sign) return labelsAlike(sign.labels, signals.labels);
  return signals.logLine === undefined
    ? undefined
    : RE2JS.compile(sign.log_pattern).matcher(signals.logLine).find();
}

function alike(wanted: string, known: string | undefined): boolean | undefined {
  return known === undefined ? undefined : matchesGlob(wanted.toLowerCase(), known.toLowerCase());
}

function labelsAlike(wanted: Readonly<Record<string, string>>, known: Signals["labels"]) {
  if (known === undefined) return undefined;
  return Object.entries(wanted).every(([key, value]) => matchesGlob(value, known[key] ?? ""));
}

function inWords(sign: Sign): string {
  const [[field, value] = ["", ""]] = Object.entries(sign);
  const shown = typeof value === "string" ? value : JSON.stringify(value);
  return field === "log_pattern" ? `log line matches /${shown}/` : `${field} is like ${shown}`;
}

function compiles(text: string): boolean {
  try {
    RE2JS.compile(text);
    return true;
  } catch {
    return false;
  }
}
