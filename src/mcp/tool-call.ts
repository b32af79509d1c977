import {
  type CallToolResult,
  type InputRequiredResult,
  inputRequired,
  inputResponse,
  type McpServer,
  type ServerContext,
} from "@modelcontextprotocol/server";
import type { DialogAnswer } from "#calls/approve.ts";
import type { Calls } from "#calls/index.ts";
import type { Outcome, Question } from "#calls/outcome.ts";
import type { Caller } from "#tools/tool.ts";
import { approvalForm, canElicit } from "./elicit.ts";
import type { Seal, Sealed } from "./state.ts";

/** One `tools/call`. */
export interface ToolCall {
  readonly calls: Calls;
  readonly server: McpServer;
  readonly era: "legacy" | "modern";
  readonly seal: Seal;
  readonly name: string;
  readonly args: Record<string, unknown>;
  readonly caller: Caller;
  readonly ctx: ServerContext;
}

const KEY = "approval";

/** The host broke off, or sent what does not fit the form: no yes. */
const UNANSWERED: DialogAnswer = { action: "cancel" };

/** Performs the call; asks the person where the host can, in the way of its protocol generation. */
export async function callTool(call: ToolCall): Promise<CallToolResult | InputRequiredResult> {
  const answered = call.era === "modern" ? answeredDialog(call) : undefined;
  if (answered) return result(await afterAnswer(call, answered.code, answered.answer, undefined));
  const began = Date.now();
  const outcome = await perform(call, call.args);
  if (outcome.kind !== "needs_person" || !mayAsk(call, outcome.question)) return result(outcome);
  if (call.era === "legacy") return result(await askLegacy(call, outcome, began));
  return inputRequired({
    inputRequests: { [KEY]: inputRequired.elicit(approvalForm(outcome.question)) },
    requestState: await call.seal(outcome.question, call.ctx),
  });
}

/** An approval that the caller brings by code has been asked for elsewhere. */
function mayAsk({ server, ctx, args }: ToolCall, { dialog }: Question): boolean {
  return dialog && args.approval_code === undefined && canElicit(server, ctx);
}

/** The dialog's answer, when this is the second round of a call: its state was verified before we came here. */
function answeredDialog({ ctx }: ToolCall): { code: string; answer: DialogAnswer } | undefined {
  const state = ctx.mcpReq.requestState<Sealed>();
  const answer = inputResponse(ctx.mcpReq.inputResponses, KEY);
  if (!state || answer.kind !== "elicit") return undefined;
  return { code: state.code, answer };
}

async function afterAnswer(
  call: ToolCall,
  code: string,
  answer: DialogAnswer,
  budgetMs: number | undefined,
): Promise<Outcome> {
  const said = await call.calls.answerDialog(code, answer, call.caller);
  if (said !== "approved") return said;
  return perform(call, { ...call.args, approval_code: code }, budgetMs);
}

/**
 * Asks on the open session. The question lives as long as the approval, not as long as the call: when the call's
 * time is up it answers with the code, and a later answer is recorded all the same.
 */
async function askLegacy(
  call: ToolCall,
  pending: Extract<Outcome, { kind: "needs_person" }>,
  began: number,
): Promise<Outcome> {
  const { question } = pending;
  const { context } = call.calls;
  const budget = context.settings.callSeconds * 1000;
  const timeout = question.expiresAt.getTime() - context.house.wallClock.now().getTime();
  const asked = call.ctx.mcpReq.elicitInput(approvalForm(question), { timeout });
  const timer = Promise.withResolvers<"late">();
  const clock = setTimeout(() => timer.resolve("late"), Math.max(0, budget - (Date.now() - began)));
  const first = await Promise.race([asked.catch(() => UNANSWERED), timer.promise]);
  clearTimeout(clock);
  if (first === "late") {
    recordLate(call, question.code, asked);
    return pending;
  }
  return afterAnswer(call, question.code, first, budget - (Date.now() - began));
}

function recordLate(call: ToolCall, code: string, asked: Promise<DialogAnswer>): void {
  asked
    .then((answer) => call.calls.answerDialog(code, answer, call.caller))
    .catch((error) =>
      call.calls.context.settings.log("info", "no answer to the dialog", {
        code,
        error: String(error),
      }),
    );
}

function perform(
  { calls, name, caller, ctx }: ToolCall,
  args: Record<string, unknown>,
  budgetMs?: number,
): Promise<Outcome> {
  const { signal } = ctx.mcpReq;
  const options = {
    signal,
    progress: progressTo(ctx),
    ...(budgetMs === undefined ? {} : { budgetMs }),
  };
  return calls.perform(name, args, caller, options);
}

/** Progress goes out only when the caller asked for it. */
function progressTo({ mcpReq }: ServerContext) {
  const token = mcpReq._meta?.progressToken;
  let step = 0;
  return (message: string, done?: number, total?: number): void => {
    if (token === undefined) return;
    step += 1;
    const params = { progressToken: token, progress: done ?? step, message };
    mcpReq
      .notify({
        method: "notifications/progress",
        params: total === undefined ? params : { ...params, total },
      })
      .catch(() => {});
  };
}

function result(outcome: Outcome): CallToolResult {
  const content: CallToolResult["content"] = [{ type: "text", text: outcome.text }];
  if (outcome.kind === "refused") return { content, isError: true };
  return { content, structuredContent: { ...outcome.structured } };
}
