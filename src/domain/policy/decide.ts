import type { Owner, Risk, Target } from "#domain/approvals/action.ts";
import type { Approval } from "#domain/approvals/approval.ts";
import type { JsonObject } from "#domain/json.ts";
import { matchesAny } from "#domain/text/glob.ts";
import { duration, isoSeconds } from "#domain/text/time.ts";
import { HOUR, MINUTE, shift } from "#domain/window.ts";
import { argumentMismatch } from "./conditions.ts";
import type { Policy, PolicyRule } from "./policy.ts";

/** What is known of an action that asks to be carried out. */
export interface ActionFacts {
  readonly tool: string;
  readonly risk: Risk;
  /** The tool's own arguments, resolved, without reason, incident and approval code. */
  readonly args: JsonObject;
  readonly target: Target;
  /** World time. */
  readonly now: Date;
  readonly owners: readonly Owner[];
  /** When changes were applied; older ones than an hour do not matter. */
  readonly recent: {
    readonly sameToolSameTarget: readonly Date[];
    readonly target: readonly Date[];
    readonly all: readonly Date[];
  };
  /** Taking a change back need not wait for the cooldown. */
  readonly isUndo: boolean;
}

/**
 * person, automatic: as the rule says, or a person without one.
 * never: switch, freeze or rule forbid it. refused: an owner would undo it, or a limit is reached for now.
 */
export interface PolicyDecision {
  readonly decision: "person" | "automatic" | "never" | "refused";
  /** The rule or freeze that decided. */
  readonly rule?: string;
  readonly why: string;
  readonly hint: string;
}

/** Pure: the same facts always get the same answer. */
export function decideAction(policy: Policy, facts: ActionFacts): PolicyDecision {
  return (
    killed(policy) ??
    frozen(policy, facts) ??
    forbidden(policy, facts) ??
    owned(policy, facts) ??
    coolingDown(policy, facts) ??
    overLimit(policy, facts) ??
    granted(policy, facts)
  );
}

/**
 * Why a word given in a terminal does not count under this policy; `undefined` when it does. The command that asks
 * checks the same, and can be run with another policy file: the server's own has the last word.
 */
export function whyNotCounted(
  policy: Policy,
  { channel, decidedBy = "" }: Pick<Approval, "channel" | "decidedBy">,
): string | undefined {
  if (channel !== "terminal" && channel !== "passphrase") return undefined;
  if (!mayApprove(policy, decidedBy)) return `${decidedBy} is not among the policy's approvers.`;
  if (policy.require_passphrase && channel !== "passphrase") {
    return "The policy asks for the approver's passphrase, and it was not given.";
  }
  return undefined;
}

/** Whether this user may approve in a terminal. */
export function mayApprove({ approvers }: Policy, user: string): boolean {
  return approvers === undefined || matchesAny(approvers, user);
}

function killed({ kill_switch }: Policy): PolicyDecision | undefined {
  if (!kill_switch) return undefined;
  return {
    decision: "never",
    why: "The kill switch is on: no action is carried out.",
    hint: "Make the change by hand, or have kill_switch set to false in the policy file.",
  };
}

function frozen({ freezes }: Policy, { now, target }: ActionFacts): PolicyDecision | undefined {
  const freeze = freezes.find(
    ({ from, to, namespaces }) =>
      now >= new Date(from) && now < new Date(to) && isAmong(namespaces, target.namespace),
  );
  if (!freeze) return undefined;
  return {
    decision: "never",
    rule: freeze.name,
    why: `Changes are frozen until ${isoSeconds(new Date(freeze.to))} (${freeze.name}).`,
    hint: "Wait for its end, make the change by hand, or have the freeze lifted in the policy file.",
  };
}

function forbidden(policy: Policy, facts: ActionFacts): PolicyDecision | undefined {
  const rule = firstMatch(policy, facts);
  if (rule?.decision !== "never") return undefined;
  return {
    decision: "never",
    rule: rule.name,
    why: `The policy's rule "${rule.name}" forbids it.`,
    hint: "Make the change by hand, or choose another remedy.",
  };
}

function owned({ allow_owned }: Policy, { owners, tool }: ActionFacts): PolicyDecision | undefined {
  const [owner] = owners;
  if (!owner || matchesAny(allow_owned, tool)) return undefined;
  return {
    decision: "refused",
    why: `${owner.by} ${owner.name} owns this: ${owner.effect}`,
    hint: `${elsewhere(owner)}, or have ${tool} named under allow_owned in the policy file.`,
  };
}

/** Where the change belongs instead. */
function elsewhere({ by, name }: Owner): string {
  if (by === "Operator") return `Change it in ${name}`;
  const scales = by === "HorizontalPodAutoscaler" || by === "KEDA";
  return scales ? `Change the bounds of ${name} instead` : `Change it where ${by} takes it from`;
}

function coolingDown(
  { limits }: Policy,
  { tool, now, recent, isUndo }: ActionFacts,
): PolicyDecision | undefined {
  const last = Math.max(...recent.sameToolSameTarget.map((at) => at.getTime()));
  const until = new Date(last + limits.cooldown_minutes * MINUTE);
  if (isUndo || !(until > now)) return undefined;
  return {
    decision: "refused",
    why: `${tool} changed this target ${duration(now.getTime() - last)} ago; the cooldown is ${limits.cooldown_minutes} min.`,
    hint: `See with get_action what it did. Again from ${isoSeconds(until)}; undo_action need not wait.`,
  };
}

function overLimit({ limits }: Policy, { now, recent }: ActionFacts): PolicyDecision | undefined {
  const hourAgo = shift(now, -HOUR);
  const within = (times: readonly Date[]) => times.filter((at) => at > hourAgo).length;
  const reached =
    (within(recent.target) >= limits.per_target_hour && [
      "of this target",
      limits.per_target_hour,
    ]) ||
    (within(recent.all) >= limits.per_hour && ["in all", limits.per_hour]);
  if (!reached) return undefined;
  return {
    decision: "refused",
    why: `The limit of ${reached[1]} changes ${reached[0]} in an hour is reached.`,
    hint: "Look again at the cause before changing more, or make the change by hand.",
  };
}

function granted(policy: Policy, facts: ActionFacts): PolicyDecision {
  const rule = firstMatch(policy, facts);
  if (rule?.decision === "automatic") {
    return {
      decision: "automatic",
      rule: rule.name,
      why: `The policy's rule "${rule.name}" lets it go alone.`,
      hint: "It is carried out and recorded without asking.",
    };
  }
  return {
    decision: "person",
    ...(rule ? { rule: rule.name } : {}),
    why: rule ? `The policy's rule "${rule.name}" asks for a person.` : withoutRule(policy, facts),
    hint: "A person has to approve it.",
  };
}

/** Names the automatic rule that came close, so that its author can see what it lacks. */
function withoutRule({ rules }: Policy, facts: ActionFacts): string {
  const near = rules.find((rule) => rule.decision === "automatic" && covers(rule, facts));
  const missed = near && argumentMismatch(near, facts.args);
  const base = "No rule of the policy lets it go alone.";
  return missed ? `${base} Rule "${near.name}" does not cover it: ${missed}.` : base;
}

function firstMatch({ rules }: Policy, facts: ActionFacts): PolicyRule | undefined {
  return rules.find(
    (rule) => covers(rule, facts) && argumentMismatch(rule, facts.args) === undefined,
  );
}

/** All of a rule but its conditions on arguments. */
function covers(rule: PolicyRule, { tool, risk, target }: ActionFacts): boolean {
  return (
    isAmong(rule.tools, tool) &&
    isAmong(rule.namespaces, target.namespace) &&
    isAmong(rule.clusters, target.cluster) &&
    (rule.risks === undefined || rule.risks.includes(risk))
  );
}

function isAmong(patterns: readonly string[] | undefined, name: string | undefined): boolean {
  return patterns === undefined || matchesAny(patterns, name ?? "");
}
