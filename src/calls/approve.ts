import type { Action } from "#domain/approvals/action.ts";
import type { Approval, Channel } from "#domain/approvals/approval.ts";
import { normalizeCode } from "#domain/approvals/code.ts";
import { actionResult } from "#domain/approvals/result.ts";
import { isObject } from "#domain/json.ts";
import { cleanText } from "#domain/text/redact.ts";
import { OpsError } from "#errors.ts";
import type { House } from "#ports/index.ts";
import type { Caller } from "#tools/tool.ts";
import { answered, mayDialog } from "./answers.ts";
import { audit, type Context } from "./context.ts";
import type { Outcome } from "./outcome.ts";

/** An approval with the action that it is for. */
export interface Pending {
  readonly approval: Approval;
  readonly action: Action;
}

/** What a host's dialog gave back. */
export interface DialogAnswer {
  readonly action: "accept" | "decline" | "cancel";
  readonly content?: unknown;
}

/** The approval of this code. Throws `approval_unknown`. */
export async function findPending(house: House, typed: string): Promise<Pending> {
  const { approvals, actions } = await house.records();
  const approval = await approvals.byCode(normalizeCode(typed));
  const action = approval && (await actions.get(approval.actionId));
  if (approval && action) return { approval, action };
  throw new OpsError(
    "approval_unknown",
    `No approval has the code ${JSON.stringify(cleanText(typed.slice(0, 20)))}.`,
    "List those that wait with `firewatch approvals`; check --state-dir.",
  );
}

/** What waits for a person, oldest first. */
export async function listPending(house: House): Promise<readonly Pending[]> {
  const { approvals, actions } = await house.records();
  const waiting = await approvals.waiting(house.wallClock.now());
  const each = waiting.map(async (approval) => {
    const action = await actions.get(approval.actionId);
    return action ? [{ approval, action }] : [];
  });
  return (await Promise.all(each)).flat();
}

/**
 * A person's word in a terminal. `undefined` when the approval was decided, used or expired in between.
 * The caller has shown the plan and checked who may approve.
 */
export async function decide(
  context: Context,
  code: string,
  answer: { readonly approve: boolean; readonly by: string; readonly channel: Channel },
): Promise<Approval | undefined> {
  const { approvals, actions } = await context.house.records();
  const { by, channel } = answer;
  const state = answer.approve ? "approved" : "declined";
  const at = context.house.wallClock.now();
  const decided = await approvals.decide(code, { state, by, channel, at });
  if (decided && state === "declined") {
    await actions.move(decided.actionId, ["pending"], { state, note: `Declined by ${by}.` });
  }
  await audit(
    context,
    { principal: by, client: channel },
    {
      event: "approval_decided",
      outcome: decided ? state : "too late",
      ...(decided ? { actionId: decided.actionId } : {}),
      detail: { code, channel },
    },
  );
  return decided;
}

/**
 * The answer of a host's dialog. A yes needs `approve: true` and, for high risk, the target's name; anything else
 * leaves the approval open, because some hosts decline without showing the question.
 */
export async function answerDialog(
  context: Context,
  code: string,
  answer: DialogAnswer,
  caller: Caller,
): Promise<"approved" | Outcome> {
  const pending = await findPending(context.house, code);
  const policy = await context.house.policy.load();
  const { action, approval } = pending;
  const yes = mayDialog(policy, action.shown.risk) && saysYes(action, answer);
  if (yes && approval.principal === caller.principal) {
    const by = `${caller.principal} (dialog of ${caller.client})`;
    await decide(context, approval.code, { approve: true, by, channel: "dialog" });
    // If it was too late, the call that follows tells what became of the approval.
    return "approved";
  }
  await audit(context, caller, {
    event: "approval_attempt",
    outcome: `dialog: ${answer.action}`,
    tool: action.tool,
    actionId: action.id,
    detail: { code, counted: false },
  });
  if (approval.state === "used") return answered(actionResult(action));
  return notApproved(context, pending, answer);
}

function saysYes({ shown }: Action, { action, content }: DialogAnswer): boolean {
  if (action !== "accept" || !isObject(content) || content.approve !== true) return false;
  return shown.risk !== "high" || content.target === shown.target.name;
}

function notApproved(
  { settings }: Context,
  { action, approval }: Pending,
  { action: said, content }: DialogAnswer,
): Outcome {
  const wrongTarget =
    said === "accept" && isObject(content) && content.approve === true
      ? " The name typed was not the target's."
      : "";
  const note = `Declined, or the host did not show the question.${wrongTarget} Nothing was changed; the approval stays open until it expires.`;
  const waiting = { approval, command: settings.approveCommand(approval.code) };
  return answered(actionResult(action, waiting, { status: "declined", note }));
}
