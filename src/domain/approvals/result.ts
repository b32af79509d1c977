import * as z from "zod";
import { jsonObjectSchema } from "#domain/json.ts";
import { isoSeconds } from "#domain/text/time.ts";
import { type Action, planShownSchema, verificationSchema } from "./action.ts";
import type { Approval } from "./approval.ts";

export const resultStatuses = [
  "planned",
  "approval_required",
  "declined",
  "expired",
  "running",
  "applied",
  "not_applied",
  "verify_failed",
  "inconclusive",
  "unknown",
] as const;
export type ResultStatus = (typeof resultStatuses)[number];

/** What every action answers: one flat object. `applied` means verified. */
export const actionResultSchema = z.object({
  status: z.enum(resultStatuses),
  action_id: z.string(),
  tool: z.string(),
  code: z.string().optional(),
  expires_at: z.iso.datetime().optional(),
  /** What the person types in a terminal of their own. */
  approve_command: z.string().optional(),
  plan: planShownSchema.omit({ binds_hash: true }).extend({ binds_hash: z.string() }),
  reason: z.string().optional(),
  result: jsonObjectSchema.optional(),
  verification: verificationSchema.optional(),
  note: z.string().optional(),
  /** What to do next. */
  next: z.string(),
});
export type ActionResult = z.output<typeof actionResultSchema>;

export interface Waiting {
  readonly approval: Approval;
  readonly command: string;
}

const STATUS_OF: Readonly<Record<Action["state"], ResultStatus>> = {
  planned: "planned",
  pending: "approval_required",
  applying: "running",
  applied: "running",
  passed: "applied",
  failed: "verify_failed",
  inconclusive: "inconclusive",
  declined: "declined",
  void: "expired",
  not_applied: "not_applied",
  unknown: "unknown",
};

/** The result that an action's record gives, with its open approval when it waits for a person. */
export function actionResult(
  action: Action,
  waiting?: Waiting,
  override?: { readonly status: ResultStatus; readonly note: string },
): ActionResult {
  const status = override?.status ?? STATUS_OF[action.state];
  const note = override?.note ?? action.note;
  return {
    status,
    action_id: action.id,
    tool: action.tool,
    ...(waiting ? waitingFields(waiting) : {}),
    plan: action.shown,
    ...(action.reason === undefined ? {} : { reason: action.reason }),
    ...(action.applied
      ? { result: { summary: action.applied.summary, ...action.applied.facts } }
      : {}),
    ...(action.verification ? { verification: action.verification } : {}),
    ...(note === undefined ? {} : { note }),
    next: nextStep(status, action, waiting),
  };
}

function waitingFields({ approval, command }: Waiting) {
  return {
    code: approval.code,
    expires_at: isoSeconds(approval.expiresAt),
    approve_command: command,
  };
}

function nextStep(status: ResultStatus, action: Action, waiting?: Waiting): string {
  const ask = waiting
    ? `Show the plan to the person and have them run, in a terminal of their own: ${waiting.command}. Then make the same call again with approval_code "${waiting.approval.code}".`
    : askedBefore(action);
  const steps: Readonly<Record<ResultStatus, string>> = {
    planned: `Nothing was changed (dry run). To carry it out, start Firewatch with --mode live.`,
    approval_required: ask,
    declined: ask,
    expired: `Nothing was changed. Call ${action.tool} again for a fresh plan and approval.`,
    running: `Call get_action with action_id "${action.id}" and wait_seconds 45. Do not call ${action.tool} again.`,
    applied:
      "The checks see the change and its workloads, not the incident: await the alarm's end (list_active_alarms with wait_seconds) and look at its metric, then report.",
    not_applied: `The change did not reach the target. Read the note, then plan again.`,
    verify_failed: undoStep("The change was made and did not help.", action),
    inconclusive: undoStep("The change was made; whether it helped could not be seen.", action),
    unknown: `It is not known whether the change was made. Look at the target before anything else.`,
  };
  return steps[status];
}

function askedBefore({ code }: Action): string {
  return code === undefined
    ? "Plan again to ask a person anew."
    : `Once the person has approved, make the same call again with approval_code "${code}".`;
}

function undoStep(outcome: string, action: Action): string {
  const undo = action.undo ? ` To take it back: undo_action with action_id "${action.id}".` : "";
  return `${outcome} Look at the failed checks.${undo}`;
}
