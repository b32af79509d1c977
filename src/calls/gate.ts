import type { Action } from "#domain/approvals/action.ts";
import { APPROVAL_MINUTES, type Approval } from "#domain/approvals/approval.ts";
import { approvalCode, normalizeCode } from "#domain/approvals/code.ts";
import { actionResult } from "#domain/approvals/result.ts";
import { digest } from "#domain/digest.ts";
import { whyNotCounted } from "#domain/policy/decide.ts";
import type { Policy } from "#domain/policy/policy.ts";
import { cleanText } from "#domain/text/redact.ts";
import { MINUTE, shift } from "#domain/window.ts";
import { OpsError } from "#errors.ts";
import { answered, needsPerson } from "./answers.ts";
import { carryOut } from "./carry.ts";
import { audit, type Context } from "./context.ts";
import { type ActionRequest, type Draft, drawUp } from "./draft.ts";
import type { Outcome } from "./outcome.ts";
import { identity } from "./places.ts";

/** The gate: plan → approval → re-plan → same binds → carry out once. */
export async function gate(context: Context, request: ActionRequest): Promise<Outcome> {
  const typed = request.common.approval_code;
  const live = context.settings.mode === "live";
  if (typed === undefined || !live)
    return propose(context, request, await drawUp(context, request));
  return redeem(context, request, normalizeCode(typed));
}

/** A fresh plan: shown in dry run, else put to a person or, where policy says so, carried out. */
async function propose(context: Context, request: ActionRequest, draft: Draft): Promise<Outcome> {
  const { actions, approvals } = await context.house.records();
  if (context.settings.mode !== "live") {
    const action = await record(context, request, draft, "planned");
    return answered(actionResult(action));
  }
  const { principal } = request.call.caller;
  const now = context.house.wallClock.now();
  const open = await approvals.pendingFor(draft.shown.binds_hash, principal, now);
  const waiting = open && (await actions.get(open.actionId));
  if (open && waiting) return needsPerson(context, waiting, open, draft.policy);
  return requestApproval(context, request, draft);
}

async function requestApproval(
  context: Context,
  request: ActionRequest,
  draft: Draft,
): Promise<Outcome> {
  const action = await record(context, request, draft, "pending");
  const automatic = draft.decision.decision === "automatic";
  const approval = await ask(context, action, automatic ? draft.decision.rule : undefined);
  if (automatic) return carryOut(context, { action, code: approval.code, draft, request });
  return needsPerson(context, action, approval, draft.policy);
}

/** The pending approval is stored before anybody is asked, so a question that timed out can still be answered. */
async function ask(context: Context, action: Action, rule: string | undefined): Promise<Approval> {
  const { approvals, actions } = await context.house.records();
  const now = context.house.wallClock.now();
  const code = approvalCode(context.settings.randomBytes(8));
  const approval: Approval = {
    code,
    actionId: action.id,
    bindsHash: action.shown.binds_hash,
    principal: action.principal,
    createdAt: now,
    expiresAt: shift(now, APPROVAL_MINUTES * MINUTE),
    ...(rule === undefined
      ? { state: "pending" }
      : { state: "approved", channel: "policy", decidedBy: rule, decidedAt: now }),
  };
  await approvals.create(approval);
  await actions.move(action.id, ["pending"], { code });
  await audit(
    context,
    { principal: action.principal, client: "" },
    {
      event: "approval_requested",
      outcome: rule === undefined ? "pending" : "approved by policy",
      tool: action.tool,
      actionId: action.id,
      detail: { code, rule, binds_hash: approval.bindsHash, summary: action.shown.summary },
    },
  );
  return approval;
}

async function record(
  { house, settings }: Context,
  { tool, args, place, common, call }: ActionRequest,
  draft: Draft,
  state: "planned" | "pending",
): Promise<Action> {
  const action: Action = {
    id: `ACT-${Buffer.from(settings.randomBytes(5)).toString("hex")}`,
    tool: tool.name,
    args,
    place,
    principal: call.caller.principal,
    reason: common.reason && cleanText(common.reason),
    incidentId: common.incident_id && cleanText(common.incident_id),
    state,
    shown: draft.shown,
    planned: draft.planned,
    undo: draft.undo,
    targetKey: draft.targetKey,
    createdAt: house.world.clock.now(),
  };
  await (await house.records()).actions.create(action);
  return action;
}

/** A call that brings a code: what became of the approval decides. */
async function redeem(context: Context, request: ActionRequest, code: string): Promise<Outcome> {
  const { approval, action } = await find(context, request, code);
  const now = context.house.wallClock.now();
  if (approval.state === "used") return answered(actionResult(action));
  if (approval.state === "declined" || approval.state === "void" || approval.expiresAt <= now) {
    return ended(context, action, approval);
  }
  const drawn = await drawUp(context, request).then(
    (draft) => ({ draft }),
    (cause: unknown) => ({ cause }),
  );
  const overtaken = await movedSince(context, action);
  if (overtaken) return answered(actionResult(overtaken));
  if ("cause" in drawn) throw drawn.cause;
  const { draft } = drawn;
  if (draft.shown.binds_hash !== approval.bindsHash) {
    return outdated(context, request, draft, approval);
  }
  if (approval.state === "pending") return needsPerson(context, action, approval, draft.policy);
  await requireCounted(context, request, approval, draft.policy);
  return carryOut(context, { action, code, draft, request });
}

/** The action, when another call with the same approval got on with it while this one planned. */
async function movedSince({ house }: Context, action: Action): Promise<Action | undefined> {
  const now = await (await house.records()).actions.get(action.id);
  return now?.state === action.state ? undefined : now;
}

/** An approval by somebody whom the policy does not let approve is void. */
async function requireCounted(
  context: Context,
  request: ActionRequest,
  approval: Approval,
  policy: Policy,
): Promise<void> {
  const why = whyNotCounted(policy, approval);
  if (why === undefined) return;
  await withdraw(context, approval, `The approval did not count: ${why}`);
  await attempt(context, request, `approval does not count: ${why}`);
  throw new OpsError(
    "policy_denied",
    `The approval does not count: ${why} Nothing was changed.`,
    `Call ${request.tool.name} without approval_code to ask anew.`,
  );
}

/** Ends an approval, and the action that waits for it. */
async function withdraw(context: Context, approval: Approval, note: string): Promise<void> {
  const { approvals, actions } = await context.house.records();
  const endedAt = context.house.world.clock.now();
  await approvals.void(approval.code);
  await actions.move(approval.actionId, ["pending"], { state: "void", note, endedAt });
}

async function ended(context: Context, action: Action, approval: Approval): Promise<Outcome> {
  const declined = approval.state === "declined";
  const note = declined
    ? `Declined by ${approval.decidedBy ?? "a person"}. Nothing was changed.`
    : "The approval expired, or its plan no longer held. Nothing was changed.";
  if (!declined) await withdraw(context, approval, note);
  return answered(
    actionResult(action, undefined, { status: declined ? "declined" : "expired", note }),
  );
}

/** The target is no longer what was approved: the approval is void, and the new plan asks anew. */
async function outdated(
  context: Context,
  request: ActionRequest,
  draft: Draft,
  approval: Approval,
): Promise<Outcome> {
  const note = "The target changed after the plan was made, so the approval is void.";
  await withdraw(context, approval, note);
  return propose(context, request, {
    ...draft,
    shown: { ...draft.shown, warnings: [note, ...draft.shown.warnings] },
  });
}

/** The approval for exactly this call by this principal. Every miss is audited. */
async function find(context: Context, request: ActionRequest, code: string) {
  const { approvals, actions } = await context.house.records();
  const approval = await approvals.byCode(code);
  const action = approval && (await actions.get(approval.actionId));
  if (!approval || !action) {
    await attempt(context, request, "unknown code");
    throw new OpsError(
      "approval_unknown",
      "No approval has this code.",
      `Call ${request.tool.name} without approval_code to get a plan and a code.`,
    );
  }
  if (!isFor(request, action)) {
    await attempt(context, request, `code of action ${action.id}`);
    throw new OpsError(
      "approval_mismatch",
      `The approval is for ${action.shown.summary}`,
      "Call again with exactly the arguments that were approved.",
    );
  }
  return { approval, action };
}

function isFor({ tool, args, place, call }: ActionRequest, action: Action): boolean {
  const asked = digest(identity(tool.name, args, place));
  const approved = digest(identity(action.tool, action.args, action.place));
  return asked === approved && action.principal === call.caller.principal;
}

function attempt(context: Context, { tool, call }: ActionRequest, outcome: string): Promise<void> {
  return audit(context, call.caller, { event: "approval_attempt", outcome, tool: tool.name });
}
