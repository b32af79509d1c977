import { count } from "#domain/text/table.ts";
import type { Attempt, Case, Recovery } from "./case.ts";
import { leadText } from "./choose-remedy.ts";
import { figure } from "./figures.ts";

/** Arguments of the report: what happened, why, what was done, what to watch, with times and values. */
export function reportArgs(found: Case, attempt?: Attempt, recovery?: Recovery) {
  const { suspect } = found.workload;
  return {
    severity: severity(found),
    title: `${suspect.namespace}/${suspect.name}: ${found.trouble.primary.name}`,
    summary: [symptomText(found), causeText(found), endText(attempt, recovery)].join(" "),
    what_happened: timeline(found).join("\n"),
    root_cause: [causeText(found), ...evidence(found)].join("\n"),
    follow_ups: followUps(found, recovery),
  };
}

/** Several alarms, or nothing left that serves, is the gravest; else one service suffers. */
function severity({ trouble, workload }: Case): "P1" | "P2" {
  return trouble.alarms.length > 2 || workload.rollout?.ready === 0 ? "P1" : "P2";
}

function symptomText({ trouble, symptom }: Case): string {
  const { before, after, last, onset, label, unit } = symptom;
  const others = trouble.alarms.length - 1;
  const rest = others > 0 ? `, with ${count(others, "other alarm")}` : "";
  const moved =
    before === undefined || after === undefined
      ? `was ${last === undefined ? "not seen" : figure(last)}`
      : `went from ${figure(before)} to ${figure(after)} (${unit})`;
  return `${trouble.primary.name} fired at ${trouble.primary.since}${rest}; ${label} ${moved} at ${onset}.`;
}

function causeText({ releases, symptom, workload }: Case): string {
  const { culprit } = releases ?? {};
  if (culprit === undefined) {
    return `No release precedes it; ${workload.suspect.name} was not changed through Helm.`;
  }
  const { revision, chart, updated_at } = culprit;
  const lead = leadText(culprit, symptom.onset);
  return `Revision ${revision} (${chart}) went out at ${updated_at}, ${lead} the onset.`;
}

function evidence({ lines, workload }: Case): readonly string[] {
  return [
    ...(lines ? [`- Log ${lines.group}: ${lines.sample}`] : []),
    ...(workload.rollout ? [`- Pods: ${workload.rollout.why}`] : []),
  ];
}

function endText(attempt: Attempt | undefined, recovery: Recovery | undefined): string {
  if (attempt === undefined) return "Nothing was changed: no remedy could be planned.";
  const { answer } = attempt;
  const done = answer.result
    ? `${answer.result.summary} Verification ${answer.verification?.outcome ?? "still to come"}.`
    : `Nothing was changed: ${answer.plan.summary} It ended as ${answer.status}.`;
  if (recovery === undefined) return done;
  const value = recovery.last === undefined ? "" : ` The metric is at ${figure(recovery.last)}.`;
  const alarms =
    recovery.firing.length === 0
      ? "All alarms are quiet again."
      : `Still firing: ${recovery.firing.join(", ")}.`;
  return `${done} ${alarms}${value}`;
}

function timeline({ trouble, symptom, releases }: Case): readonly string[] {
  const { culprit } = releases ?? {};
  const entries: (readonly [at: string, what: string])[] = [
    ...(culprit ? [[culprit.updated_at, `release ${culprit.chart}`] as const] : []),
    [symptom.onset, symptomChange(symptom)],
    ...trouble.alarms.map(({ since, name, watches }) => [since, `${name}: ${watches}`] as const),
  ];
  return entries
    .toSorted(([a], [b]) => Date.parse(a) - Date.parse(b))
    .map(([at, what]) => `- ${at} ${what}`);
}

function symptomChange({ label, before, after }: Case["symptom"]): string {
  return before === undefined || after === undefined
    ? `${label} changed`
    : `${label} went from ${figure(before)} to ${figure(after)}`;
}

function followUps(
  { releases, symptom, trouble, runbook }: Case,
  recovery?: Recovery,
): readonly string[] {
  const { culprit } = releases ?? {};
  return [
    `Watch ${symptom.label} and ${trouble.primary.name} over the next hour.`,
    ...(culprit ? [`Find the fault of ${culprit.chart} before it goes out again.`] : []),
    ...(runbook ? [`Runbook for the case that it comes back: ${runbook}.`] : []),
    ...(recovery?.healed === true ? [] : ["Hand over to the owning team: it is not healed."]),
  ];
}
