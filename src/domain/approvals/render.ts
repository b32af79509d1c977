import { quoted } from "#domain/text/untrusted.ts";
import type { PlanShown, Target, Verification } from "./action.ts";
import type { ActionResult, ResultStatus } from "./result.ts";

const OUTCOMES: Readonly<Record<ResultStatus, string>> = {
  planned: "Planned, not carried out (dry run)",
  approval_required: "Waiting for a person's approval",
  declined: "Declined, or the host did not show the question",
  expired: "The approval no longer serves",
  running: "Being carried out",
  applied: "Done and verified",
  not_applied: "Not carried out",
  verify_failed: "Carried out, and the verification failed",
  inconclusive: "Carried out; the verification was inconclusive",
  unknown: "Outcome unknown",
};

/** The text of an action's result: outcome, plan or verification, next step. */
export function renderActionResult(result: ActionResult): string {
  const settled = result.result !== undefined;
  return [
    `${OUTCOMES[result.status]}: ${result.plan.summary}`,
    `Action ${result.action_id}${result.code ? `, approval code ${result.code}, until ${result.expires_at}` : ""}.`,
    ...(result.note ? [`Note: ${result.note}`] : []),
    ...(settled
      ? [`Result: ${summaryOf(result)}`]
      : ["", ...planLines(result.plan, result.reason)]),
    ...(result.verification ? ["", renderVerification(result.verification)] : []),
    "",
    `Next: ${result.next}`,
  ].join("\n");
}

function summaryOf({ result }: ActionResult): string {
  return typeof result?.summary === "string" ? result.summary : "done.";
}

/** The plan as a person reads it before saying yes. Rendered from the plan alone; the model's reason stands apart. */
export function renderPlan(plan: PlanShown, reason?: string): string {
  return [`Plan: ${plan.summary}`, ...planLines(plan, reason)].join("\n");
}

function planLines(plan: PlanShown, reason?: string): readonly string[] {
  return [
    `Target: ${targetText(plan.target)}. Risk: ${plan.risk}. Reversible: ${plan.reversible}.`,
    `Impact: ${plan.impact}`,
    ...plan.warnings.map((warning) => `Warning: ${warning}`),
    ...fenced(plan.diff.trimEnd()),
    `Way back: ${plan.undo}`,
    `By hand: ${plan.command}`,
    ...(reason === undefined
      ? []
      : [`Reason given by the caller (not checked): ${quoted(reason)}`]),
  ];
}

/** A fence longer than any run of backticks inside, so that a line of the diff cannot close it. */
function fenced(diff: string): readonly string[] {
  const runs = diff.match(/`{3,}/g) ?? [];
  const fence = "`".repeat(Math.max(3, ...runs.map(({ length }) => length + 1)));
  return [`${fence}diff`, diff, fence];
}

/** `deployment data/customer-etl in cluster prod`. */
export function targetText({ kind, name, namespace, cluster }: Target): string {
  const path = namespace === undefined ? name : `${namespace}/${name}`;
  return `${kind} ${path}${cluster === undefined ? "" : ` in cluster ${cluster}`}`;
}

function renderVerification({ outcome, checks, at }: Verification): string {
  return [
    `Verification ${outcome} at ${at}:`,
    ...checks.map(({ name, ok, evidence }) => `- ${ok ? "ok" : "failed"}: ${name} (${evidence})`),
  ].join("\n");
}
