import type { Action, ActionPatch, Applied } from "#domain/approvals/action.ts";
import { actionResult } from "#domain/approvals/result.ts";
import { cleanObject, cleanText } from "#domain/text/redact.ts";
import { MINUTE, SECOND, shift } from "#domain/window.ts";
import { errorText, OpsError } from "#errors.ts";
import type { Lease } from "#ports/actions.ts";
import type { Ports } from "#ports/index.ts";
import type { ActionTool, Call } from "#tools/tool.ts";
import { answered } from "./answers.ts";
import { aborted, audit, type Context } from "./context.ts";
import type { ActionRequest, Draft } from "./draft.ts";
import type { Outcome } from "./outcome.ts";

const LEASE_MS = MINUTE;
const RENEW_MS = 20 * SECOND;
/** No apply with its verification takes longer: Helm's wait and the check after it are five minutes each. */
const LIMIT_MS = 15 * MINUTE;

interface Approved {
  readonly action: Action;
  readonly code: string;
  readonly draft: Draft;
  readonly request: ActionRequest;
}

/** What carries an action on, in this process. */
export interface Work {
  readonly action: Action;
  readonly tool: ActionTool;
  readonly ports: Partial<Ports>;
}

/** A lease for this process, from now on. */
export function lease({ house, settings }: Context): Lease {
  return { holder: settings.holder, until: shift(house.wallClock.now(), LEASE_MS) };
}

/** Takes the target's lock, uses the approval up, applies and verifies; waits as long as the call may. */
export async function carryOut(context: Context, approved: Approved): Promise<Outcome> {
  const { action, code, draft, request } = approved;
  const { actions, approvals } = await context.house.records();
  const intent = { event: "apply_intended", outcome: "begun", tool: action.tool } as const;
  await audit(context, request.call.caller, { ...intent, actionId: action.id, detail: { code } });
  // What is applied is what was planned just now; the approval covers it, as the binds are the same.
  const { shown, planned, undo } = draft;
  await actions.move(action.id, ["pending"], { shown, planned, ...(undo ? { undo } : {}) });
  const begun = await actions.begin(action.id, lease(context));
  if (!begun) return busy(context, action);
  if (!(await approvals.consume(code, context.house.wallClock.now()))) {
    await actions.move(action.id, ["applying"], {
      state: "void",
      note: "The approval had expired.",
    });
    return latest(context, action.id);
  }
  start(context, { action: begun, tool: request.tool, ports: draft.ports }, fromTheStart);
  return awaitEnd(context, action.id, request.call.signal);
}

/** Somebody else is at it: the same action in another call, or another change of the same target. */
async function busy(context: Context, action: Action): Promise<Outcome> {
  const { actions } = await context.house.records();
  const now = await actions.get(action.id);
  if (now && now.state !== "pending") return latest(context, action.id);
  throw new OpsError(
    "target_busy",
    `Another change to ${action.shown.target.name} is being carried out. Nothing was changed by this call.`,
    "Wait for it to end (get_action), then call again with the same approval_code.",
  );
}

/** Waits for the action's end, or for the call's: after consumption the caller's abort stops the waiting alone. */
export async function awaitEnd(
  context: Context,
  id: string,
  signal: AbortSignal,
): Promise<Outcome> {
  await Promise.race([context.running.get(id), aborted(signal)]);
  return latest(context, id);
}

async function latest({ house }: Context, id: string): Promise<Outcome> {
  const action = await (await house.records()).actions.get(id);
  if (!action) throw new Error(`action ${id} is gone`);
  return answered(actionResult(action));
}

/** Runs in the background, renewing the lease, until the action has ended. */
export function start(
  context: Context,
  work: Work,
  steps: (context: Context, work: Work, call: Call) => Promise<void>,
): void {
  const { id } = work.action;
  const { house, running, settings } = context;
  const renewal = setInterval(() => {
    house
      .records()
      .then(({ actions }) => actions.renew(id, lease(context)))
      .catch((error) => settings.log("warn", "lease not renewed", { id, error: String(error) }));
  }, RENEW_MS);
  renewal.unref();
  const ended = steps(context, work, backgroundCall(context, work.action))
    .catch((error) => settings.log("error", "action stopped", { id, error: String(error) }))
    .finally(() => {
      clearInterval(renewal);
      running.delete(id);
    });
  running.set(id, ended);
}

function backgroundCall({ house, settings }: Context, action: Action): Call {
  return {
    signal: AbortSignal.timeout(LIMIT_MS),
    deadline: shift(house.wallClock.now(), LIMIT_MS),
    caller: {
      principal: action.principal,
      client: "firewatch",
      transport: "memory",
      verified: true,
    },
    mode: settings.mode,
    progress: () => {},
    ...(action.place === undefined ? {} : { place: action.place }),
  };
}

async function fromTheStart(context: Context, work: Work, call: Call): Promise<void> {
  const { action, tool, ports } = work;
  try {
    await verify(context, work, call, await tool.apply(action.planned, ports, call));
  } catch (error) {
    await settle(context, work, call, error);
  }
}

/** After a failed or broken-off apply nobody guesses: fresh reads tell whether the change was made. */
export async function settle(
  context: Context,
  work: Work,
  call: Call,
  cause: unknown,
): Promise<void> {
  const { action, tool, ports } = work;
  const note = cleanText(cause instanceof OpsError ? errorText(cause) : String(cause));
  const found = await tool.settle(action.planned, ports, call).catch(() => "unknown" as const);
  if (found === "applied") {
    const applied = { summary: `${action.shown.summary} (found done; ${note})`, facts: {} };
    return verify(context, work, call, applied);
  }
  await end(context, action, ["applying"], { state: found, note });
  await audit(context, firewatch(action), {
    event: "apply_ended",
    outcome: found,
    tool: action.tool,
    actionId: action.id,
    detail: { note },
  });
}

/** Records the change, then checks that it helped. */
async function verify(context: Context, work: Work, call: Call, applied: Applied): Promise<void> {
  const { action } = work;
  const { actions } = await context.house.records();
  const appliedAt = context.house.world.clock.now();
  const clean = { summary: cleanText(applied.summary), facts: cleanObject(applied.facts) };
  await actions.move(action.id, ["applying"], { state: "applied", appliedAt, applied: clean });
  const ids = { tool: action.tool, actionId: action.id };
  await audit(context, firewatch(action), { event: "apply_ended", outcome: "applied", ...ids });
  await verifyOnly(context, work, call);
}

/** The check alone, for a change that is on record. */
export async function verifyOnly(context: Context, work: Work, call: Call): Promise<void> {
  const { action, tool, ports } = work;
  const verification = await tool
    .verify(action.planned, ports, call)
    .catch((error) => unseen(error));
  const at = context.house.world.clock.now().toISOString();
  const checks = verification.checks.map((check) => ({
    ...check,
    evidence: cleanText(check.evidence),
  }));
  const { outcome } = verification;
  await end(context, action, ["applied"], {
    state: outcome,
    verification: { outcome, checks, at },
  });
  const ids = { tool: action.tool, actionId: action.id };
  await audit(context, firewatch(action), { event: "verified", outcome, ...ids });
}

function unseen(error: unknown) {
  const evidence = error instanceof OpsError ? errorText(error) : String(error);
  const checks = [{ name: "the target could be read", ok: false, evidence }];
  return { outcome: "inconclusive" as const, checks };
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

function firewatch({ principal }: Action) {
  return { principal, client: "firewatch" };
}
