import type { Action, ActionPatch, Applied } from "#domain/approvals/action.ts";
import { actionResult } from "#domain/approvals/result.ts";
import { cleanObject, cleanText } from "#domain/text/redact.ts";
import { errorText, OpsError } from "#errors.ts";
import type { Call } from "#tools/tool.ts";
import { answered } from "./answers.ts";
import { backgroundCall, lease, start, type Work } from "./background.ts";
import { aborted, audit, type Context } from "./context.ts";
import type { ActionRequest, Draft } from "./draft.ts";
import type { Outcome } from "./outcome.ts";

interface Approved {
  readonly action: Action;
  readonly code: string;
  readonly draft: Draft;
  readonly request: ActionRequest;
}

/** Takes the target's lock, uses the approval up, applies and verifies; waits as long as the call may. */
export async function carryOut(context: Context, approved: Approved): Promise<Outcome> {
  const { action, code, draft, request } = approved;
  const { actions, approvals } = await context.house.records();
  request.call.signal.throwIfAborted();
  const intent = { event: "apply_intended", outcome: "begun", tool: action.tool } as const;
  await audit(context, request.call.caller, { ...intent, actionId: action.id, detail: { code } });
  // What is applied is what was planned just now; the approval covers it, as the binds are the same.
  const { shown, planned, undo } = draft;
  await actions.move(action.id, ["pending"], { shown, planned, ...(undo ? { undo } : {}) });
  const begun = await actions.begin(action.id, lease(context));
  if (!begun) return busy(context, action, code);
  if (!(await approvals.consume(code, context.house.wallClock.now()))) {
    await actions.move(action.id, ["applying"], {
      state: "void",
      note: "The approval expired, or was withdrawn, before the change began.",
      endedAt: context.house.world.clock.now(),
    });
    return latest(context, action.id);
  }
  const { tool, call } = request;
  const progress: Call["progress"] = (...news) => {
    if (!call.signal.aborted) call.progress(...news);
  };
  const { cancelled, forget } = callersWish(call.signal);
  const work = { action: begun, tool, ports: draft.ports, approval: code, progress, cancelled };
  start(context, work, fromTheStart);
  return awaitEnd(context, begun, call.signal).finally(forget);
}

/** Whether the caller takes the call back before it is answered: what becomes of the connection later says nothing. */
function callersWish(signal: AbortSignal) {
  let taken = wasCancelled(signal);
  const take = () => {
    taken = wasCancelled(signal);
  };
  signal.addEventListener("abort", take, { once: true });
  return { cancelled: () => taken, forget: () => signal.removeEventListener("abort", take) };
}

/** The caller's own wish; that the call's time was up is none. */
function wasCancelled({ aborted: ended, reason: why }: AbortSignal): boolean {
  return ended && !(why instanceof Error && why.name === "TimeoutError");
}

/** Somebody else is at it: the same action in another call, or another change of the same target. */
async function busy(context: Context, action: Action, code: string): Promise<Outcome> {
  const { actions } = await context.house.records();
  const now = await actions.get(action.id);
  if (now && now.state !== "pending") return latest(context, action.id);
  throw new OpsError(
    "target_busy",
    `Another change to ${action.shown.target.name} is being carried out. Nothing was changed by this call.`,
    `Wait for it to end (get_action), then call again with approval_code "${code}".`,
  );
}

/**
 * Waits for the action's end, or for the call's: after consumption the caller's abort stops the waiting alone, and a
 * store that cannot be read is no reason to say that nothing was done.
 */
async function awaitEnd(context: Context, begun: Action, signal: AbortSignal): Promise<Outcome> {
  await Promise.race([context.running.get(begun.id), aborted(signal)]);
  return latest(context, begun.id).catch(() => answered(actionResult(begun)));
}

async function latest({ house }: Context, id: string): Promise<Outcome> {
  const action = await (await house.records()).actions.get(id);
  if (!action) throw new Error(`action ${id} is gone`);
  return answered(actionResult(action));
}

async function fromTheStart(context: Context, work: Work, call: Call): Promise<void> {
  const { action, tool, ports } = work;
  const tried = await tool.apply(action.planned, ports, call).then(
    (applied) => ({ applied }),
    (cause: unknown) => ({ cause }),
  );
  if ("applied" in tried) return verify(context, work, call, tried.applied);
  // The call may be over, if the apply took all of its time.
  return settle(context, work, backgroundCall(context, work), tried.cause);
}

/** After a failed or broken-off apply nobody guesses: fresh reads tell whether the change was made. */
export async function settle(
  context: Context,
  work: Work,
  call: Call,
  cause: unknown,
): Promise<void> {
  const { action, tool, ports } = work;
  const why = cleanText(reason(cause));
  const { found, note } = await tool.settle(action.planned, ports, call).then(
    (seen) => ({ found: seen, note: why }),
    (error: unknown) => ({
      found: "unknown" as const,
      note: `${why}\nThe target cannot be read: ${cleanText(reason(error))}`,
    }),
  );
  if (found === "applied") {
    const applied = { summary: `${action.shown.summary} (found done; ${note})`, facts: {} };
    return verify(context, work, call, applied);
  }
  await end(context, action, ["applying"], { state: found, note });
  await report(context, action, "apply_ended", found, { note });
}

/** What others may have made of an action while its process was thought dead. */
const UNTOLD = ["applying", "unknown", "not_applied"] as const;

/** Records the change, then checks that it helped. The end repeats the record, in case it could not be written now. */
async function verify(context: Context, work: Work, call: Call, applied: Applied): Promise<void> {
  const { id } = work.action;
  const done = {
    appliedAt: context.house.world.clock.now(),
    applied: { summary: cleanText(applied.summary), facts: cleanObject(applied.facts) },
  };
  await orLog(context, id, async () => {
    const { actions } = await context.house.records();
    return actions.move(id, UNTOLD, { state: "applied", ...done });
  });
  await report(context, work.action, "apply_ended", "applied");
  await check(context, work, call, done);
}

/** The check alone, for a change that is on record. */
export function verifyOnly(context: Context, work: Work, call: Call): Promise<void> {
  return check(context, work, call, {});
}

async function check(context: Context, work: Work, call: Call, done: ActionPatch): Promise<void> {
  const { action, tool, ports } = work;
  const verification = await tool
    .verify(action.planned, ports, call)
    .catch((error) => unseen(error));
  const at = context.house.world.clock.now().toISOString();
  const checks = verification.checks.map((each) => ({
    ...each,
    evidence: cleanText(each.evidence),
  }));
  const { outcome } = verification;
  const from = done.applied ? [...UNTOLD, "applied" as const] : ["applied" as const];
  await end(context, action, from, {
    ...done,
    state: outcome,
    verification: { outcome, checks, at },
  });
  await report(context, action, "verified", outcome);
}

function unseen(error: unknown) {
  const checks = [{ name: "the target could be read", ok: false, evidence: reason(error) }];
  return { outcome: "inconclusive" as const, checks };
}

function reason(error: unknown): string {
  return error instanceof OpsError ? errorText(error) : String(error);
}

async function end(
  { house }: Context,
  action: Action,
  from: readonly Action["state"][],
  patch: ActionPatch,
): Promise<void> {
  const { actions } = await house.records();
  await actions.move(action.id, from, { ...patch, endedAt: house.world.clock.now() });
}

/** Audits how an action went on. The change is made: that this cannot be written stops nothing. */
async function report(
  context: Context,
  { id, tool, principal }: Action,
  event: "apply_ended" | "verified",
  outcome: string,
  detail = {},
): Promise<void> {
  const who = { principal, client: "firewatch" };
  await orLog(context, id, () =>
    audit(context, who, { event, outcome, tool, actionId: id, detail }),
  );
}

async function orLog(
  { settings }: Context,
  id: string,
  write: () => Promise<unknown>,
): Promise<void> {
  await write().catch((error) =>
    settings.log("error", "record of an action not written", { id, error: String(error) }),
  );
}
