import type { Action, Risk } from "#domain/approvals/action.ts";
import type { Approval } from "#domain/approvals/approval.ts";
import { renderActionResult, renderPlan } from "#domain/approvals/render.ts";
import { type ActionResult, actionResult } from "#domain/approvals/result.ts";
import { toJsonObject } from "#domain/json.ts";
import type { Policy } from "#domain/policy/policy.ts";
import type { Context } from "./context.ts";
import type { Outcome, Question } from "./outcome.ts";

/** The outcome for an action's result, by its status. */
export function answered(result: ActionResult): Outcome {
  return { kind: result.status === "running" ? "running" : "done", ...shown(result) };
}

/** An action that waits for a person: the result with code and command, and the question to ask. */
export function needsPerson(
  { settings }: Context,
  action: Action,
  approval: Approval,
  policy: Policy,
): Outcome {
  const command = settings.approveCommand(approval.code);
  const result = actionResult(action, { approval, command });
  return { kind: "needs_person", ...shown(result), question: question(action, approval, policy) };
}

function shown(result: ActionResult) {
  return { structured: toJsonObject(result), text: renderActionResult(result) };
}

function question(action: Action, approval: Approval, policy: Policy): Question {
  const { risk, target } = action.shown;
  return {
    code: approval.code,
    message: renderPlan(action.shown, action.reason),
    risk,
    ...(risk === "high" ? { target: target.name } : {}),
    expiresAt: approval.expiresAt,
    dialog: mayDialog(policy, risk),
  };
}

const RANK: Readonly<Record<Policy["elicitation"], number>> = {
  off: 0,
  low: 1,
  medium: 2,
  high: 3,
};

/** Whether a dialog of the host may approve an action of this risk. */
export function mayDialog({ elicitation }: Policy, risk: Risk): boolean {
  return RANK[risk] <= RANK[elicitation];
}
