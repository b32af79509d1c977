import type { Action } from "#domain/approvals/action.ts";
import { count } from "#domain/text/table.ts";
import { duration, isoSeconds } from "#domain/text/time.ts";
import type { Severity } from "./report.ts";

/** What the author of a report gives. All of it may quote other systems. */
export interface ReportInput {
  readonly severity: Severity;
  readonly summary: string;
  readonly title?: string | undefined;
  readonly whatHappened?: string | undefined;
  readonly rootCause?: string | undefined;
  readonly followUps: readonly string[];
}

/** What the record adds. */
export interface ReportFacts {
  readonly createdAt: Date;
  /** Changes that reached the world, in any order. */
  readonly actions: readonly Action[];
  /** How far back they were looked for. */
  readonly lookedBackMs: number;
}

export interface Section {
  readonly heading: string;
  readonly lines: readonly string[];
}

/** More changes than this are told by their number. */
const MOST_ACTIONS = 20;
const MOST_OPEN = 5;

/** The parts of a report, in the order in which they are read. Gaps are named, not filled. */
export function reportSections(input: ReportInput, facts: ReportFacts): readonly Section[] {
  const { summary, whatHappened, rootCause } = input;
  const story = { heading: "What happened", lines: [whatHappened ?? summary] };
  return [
    ...(whatHappened === undefined ? [] : [{ heading: "Summary", lines: [summary] }]),
    story,
    { heading: "Why it happened", lines: [rootCause ?? "Not given with this report."] },
    { heading: "What was done", lines: doneLines(facts) },
    { heading: "What to watch next", lines: watchLines(input.followUps, facts.actions) },
  ];
}

/** The author's title, or the beginning of the summary. */
export function reportTitle({ title, summary }: ReportInput): string {
  if (title !== undefined) return title;
  const [first = summary] = summary.trim().split(/(?<=[.!?])\s|\n/);
  return first.length <= 100 ? first : `${first.slice(0, 99)}…`;
}

function doneLines({ actions, lookedBackMs }: ReportFacts): readonly string[] {
  if (actions.length === 0) {
    return [`No change was made through Firewatch in the ${duration(lookedBackMs)} before.`];
  }
  const left = actions.length - MOST_ACTIONS;
  const note = left > 0 ? [`${count(left, "earlier change")} left out.`] : [];
  const told = actions.toSorted(byTime).slice(-MOST_ACTIONS);
  return [...note, ...told.map((action) => `- ${doneText(action)}`)];
}

function doneText(action: Action): string {
  const { id, tool, shown, applied, verification } = action;
  const what = applied?.summary ?? shown.summary;
  const evidence = verification?.checks.map(({ name, evidence }) => `${name}: ${evidence}`) ?? [];
  const outcome = verification ? `Verification ${verification.outcome}` : "Not verified yet";
  const proof = evidence.length > 0 ? ` (${evidence.slice(0, 4).join("; ")})` : "";
  return `${isoSeconds(time(action))} ${tool}: ${what} ${outcome}${proof}. ${id}`;
}

function watchLines(followUps: readonly string[], actions: readonly Action[]): readonly string[] {
  const open = actions.filter(({ verification }) => verification?.outcome !== "passed");
  const told = open.toSorted(byTime).slice(-MOST_OPEN).map(openText);
  const left = open.length - told.length;
  const note = left > 0 ? [`${count(left, "earlier change")} not verified either.`] : [];
  const lines = [...followUps, ...told, ...note];
  return lines.length > 0 ? lines.map((line) => `- ${line}`) : ["Nothing was named."];
}

function openText({ tool, shown, verification, id }: Action): string {
  const outcome = verification ? `verification ${verification.outcome}` : "not verified yet";
  return `${tool} on ${shown.target.kind} ${shown.target.name}: ${outcome}; look again (${id}).`;
}

function byTime(a: Action, b: Action): number {
  return time(a).getTime() - time(b).getTime();
}

function time({ appliedAt, createdAt }: Action): Date {
  return appliedAt ?? createdAt;
}
