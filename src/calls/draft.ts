import { type Action, type PlanShown, targetKey, type Undo } from "#domain/approvals/action.ts";
import { digest } from "#domain/digest.ts";
import type { Json, JsonObject } from "#domain/json.ts";
import { decideAction, type PolicyDecision } from "#domain/policy/decide.ts";
import type { Policy } from "#domain/policy/policy.ts";
import { cleanJson, cleanText } from "#domain/text/redact.ts";
import { HOUR, shift } from "#domain/window.ts";
import { OpsError } from "#errors.ts";
import type { Ports } from "#ports/index.ts";
import type { ActionFields } from "#tools/fields.ts";
import type { ActionTool, Call, Plan } from "#tools/tool.ts";
import type { Context } from "./context.ts";
import { requireNamespace } from "./guard.ts";
import { bindOne, identity } from "./places.ts";

/** One call of an action. */
export interface ActionRequest {
  readonly tool: ActionTool;
  readonly args: JsonObject;
  readonly place: string | undefined;
  readonly common: ActionFields;
  readonly isUndo: boolean;
  readonly call: Call;
}

/** A plan from fresh reads that policy allows to be put to a person, or to go alone. */
export interface Draft {
  readonly ports: Partial<Ports>;
  readonly shown: PlanShown;
  readonly planned: Json;
  readonly undo: Undo | undefined;
  readonly targetKey: string;
  readonly policy: Policy;
  readonly decision: PolicyDecision;
}

/** Plans, and refuses what policy, allow-lists or a secret in it forbid. */
export async function drawUp(context: Context, request: ActionRequest): Promise<Draft> {
  const { tool, args, place, call } = request;
  const policy = await context.house.policy.load();
  const ports = await bindOne(tool, place, context.house, context.settings);
  const plan = inItsPlace(request, await tool.plan(args, ports, call));
  requireNamespace(context.settings.namespaces, plan.target.namespace);
  refuseSecrets(request, plan);
  const decision = await judge(context, request, plan, policy);
  return {
    ports,
    shown: shownPlan(request, plan),
    planned: plan.planned,
    undo: plan.undo,
    targetKey: targetKey(plan.target),
    policy,
    decision,
  };
}

/** The target with the cluster that the call was bound to: policy, locks and people go by it. */
function inItsPlace({ tool, place }: ActionRequest, plan: Plan<Json>): Plan<Json> {
  if (tool.place !== "cluster" || place === undefined) return plan;
  return { ...plan, target: { ...plan.target, cluster: place } };
}

async function judge(
  { house }: Context,
  { tool, args, isUndo }: ActionRequest,
  { target, owners }: Plan<Json>,
  policy: Policy,
): Promise<PolicyDecision> {
  const now = house.world.clock.now();
  const { actions } = await house.records();
  const all = await actions.appliedSince(shift(now, -HOUR));
  const sameTarget = all.filter((action) => action.targetKey === targetKey(target));
  const decision = decideAction(policy, {
    tool: tool.name,
    risk: tool.risk,
    args,
    target,
    now,
    owners,
    recent: {
      sameToolSameTarget: times(sameTarget.filter((action) => action.tool === tool.name)),
      target: times(sameTarget),
      all: times(all),
    },
    isUndo,
  });
  if (decision.decision === "person" || decision.decision === "automatic") return decision;
  const code = decision.decision === "never" ? "policy_denied" : "refused";
  throw new OpsError(code, decision.why, decision.hint);
}

function times(actions: readonly Action[]): readonly Date[] {
  return actions.flatMap(({ appliedAt }) => appliedAt ?? []);
}

/** Masks must never be applied, and secrets never stored. */
function refuseSecrets({ args }: ActionRequest, plan: Plan<Json>): void {
  const stored: Json = { args, planned: plan.planned, undo: plan.undo?.args ?? null };
  if (digest(cleanJson(stored)) === digest(stored)) return;
  throw new OpsError(
    "secret_in_change",
    `${plan.shows.summary} It carries what looks like a secret, or characters that nobody sees.`,
    `A person makes this change by hand, with the true value wherever it says [redacted]: ${cleanText(plan.shows.command)}`,
  );
}

function shownPlan({ tool, args, place }: ActionRequest, plan: Plan<Json>): PlanShown {
  const { target, shows, binds, owners, undo } = plan;
  const owned = owners.map(({ by, name, effect }) => `${by} ${name} owns this: ${effect}`);
  return {
    target,
    risk: tool.risk,
    reversible: tool.reversible,
    summary: cleanText(shows.summary),
    diff: cleanText(shows.diff),
    impact: cleanText(shows.impact),
    warnings: [...shows.warnings, ...owned].map(cleanText),
    undo: undo ? undoText(undo) : "none",
    command: cleanText(shows.command),
    binds_hash: digest({ call: identity(tool.name, args, place), target, binds }),
  };
}

function undoText({ tool, args }: Undo): string {
  const list = Object.entries(args).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
  return `undo_action, which calls ${tool} with ${list.join(", ")}`;
}
