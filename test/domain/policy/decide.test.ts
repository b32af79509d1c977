import { expect, test } from "vitest";
import { type ActionFacts, decideAction, mayApprove } from "#domain/policy/decide.ts";
import { defaultPolicy, policySchema } from "#domain/policy/policy.ts";
import { MINUTE, shift } from "#domain/window.ts";

const now = new Date("2026-04-25T14:30:00Z");
const minutesAgo = (minutes: number) => shift(now, -minutes * MINUTE);
const quiet = { sameToolSameTarget: [], target: [], all: [] };

const patch: ActionFacts = {
  tool: "kubectl_patch_configmap",
  risk: "medium",
  args: { name: "etl-config", namespace: "data", data: { max_connections: "200" } },
  target: { kind: "ConfigMap", name: "etl-config", namespace: "data", cluster: "prod-eu" },
  now,
  owners: [],
  recent: quiet,
  isUndo: false,
};

const poolRule = {
  name: "pool",
  tools: ["kubectl_patch_*"],
  namespaces: ["data"],
  arguments: { name: { equals: "etl-config" }, "data.max_connections": { at_most: 200 } },
  decision: "automatic",
};
const policy = (settings: object) => policySchema.parse({ version: 1, ...settings });
const decide = (settings: object, facts: Partial<ActionFacts> = {}) =>
  decideAction(policy(settings), { ...patch, ...facts });
const decision = (settings: object, facts: Partial<ActionFacts> = {}) =>
  decide(settings, facts).decision;

test("without a policy a person decides everything", () => {
  expect(decideAction(defaultPolicy, patch)).toEqual({
    decision: "person",
    why: "No rule of the policy lets it go alone.",
    hint: "A person has to approve it.",
  });
});

test("a rule whose conditions hold lets the change go alone", () => {
  expect(decide({ rules: [poolRule] })).toMatchObject({ decision: "automatic", rule: "pool" });
});

test.each([
  ["above the bound", { max_connections: "201" }],
  ["not a plain number", { max_connections: "0x10" }],
  ["a number with text after it", { max_connections: "100; DROP" }],
  ["a key beside it", { max_connections: "100", pool_mode: "off" }],
  ["another key", { min_connections: "100" }],
  ["removed", { max_connections: null }],
  ["in a list", { max_connections: ["100"] }],
])("a value %s leaves it to a person", (_, data) => {
  expect(decision({ rules: [poolRule] }, { args: { ...patch.args, data } })).toBe("person");
});

test("an argument that the rule does not name cannot ride along, and the answer names it", () => {
  const answer = decide({ rules: [poolRule] }, { args: { ...patch.args, restart: true } });
  expect(answer.decision).toBe("person");
  expect(answer.why).toContain(
    'Rule "pool" does not cover it: argument restart is not named by it.',
  );
});

test("a named argument without bounds may be anything", () => {
  const rule = { ...poolRule, arguments: { ...poolRule.arguments, restart: {} } };
  expect(decision({ rules: [rule] }, { args: { ...patch.args, restart: true } })).toBe("automatic");
});

test("numbers, texts and truth values are compared as the bound says", () => {
  const rule = (condition: object) => ({
    rules: [{ name: "r", arguments: { value: condition }, decision: "automatic" }],
  });
  const holds = (condition: object, value: string | number | boolean) =>
    decision(rule(condition), { args: { value } }) === "automatic";
  expect(holds({ equals: 3 }, "3")).toBe(true);
  expect(holds({ equals: "3" }, 3)).toBe(false);
  expect(holds({ equals: true }, true)).toBe(true);
  expect(holds({ one_of: [1, "two"] }, "1")).toBe(true);
  expect(holds({ one_of: [1, "two"] }, "two")).toBe(true);
  expect(holds({ one_of: [1, "two"] }, "three")).toBe(false);
  expect(holds({ at_least: -1, at_most: 1.5 }, "-0.5")).toBe(true);
  expect(holds({ at_least: 2 }, 1)).toBe(false);
});

test("a key with a dot is one argument by its whole path", () => {
  const rule = {
    name: "r",
    arguments: { "data.app.conf": { equals: "x" } },
    decision: "automatic",
  };
  expect(decision({ rules: [rule] }, { args: { data: { "app.conf": "x" } } })).toBe("automatic");
  const both = { data: { "app.conf": "x", app: { conf: "y" } } };
  expect(decision({ rules: [rule] }, { args: both })).toBe("person");
});

test.each([
  ["tool", { tool: "helm_rollback" }],
  ["namespace", { target: { ...patch.target, namespace: "shop" } }],
  ["missing namespace", { target: { kind: "ConfigMap", name: "etl-config" } }],
])("another %s is not covered", (_, facts) => {
  expect(decision({ rules: [poolRule] }, facts)).toBe("person");
});

test("rules choose by cluster and by risk", () => {
  const rule = { name: "r", clusters: ["staging-*"], risks: ["low"], decision: "automatic" };
  const staging = { ...patch.target, cluster: "staging-1" };
  const args = { namespace: "data" };
  expect(decision({ rules: [rule] }, { target: staging, risk: "low", args })).toBe("automatic");
  expect(decision({ rules: [rule] }, { target: staging, args })).toBe("person");
  expect(decision({ rules: [rule] }, { risk: "low", args })).toBe("person");
});

test("the first rule that matches decides", () => {
  const never = { name: "no", decision: "never" };
  const person = { name: "ask", decision: "person" };
  expect(decide({ rules: [person, never] })).toMatchObject({ decision: "person", rule: "ask" });
  expect(decide({ rules: [never, poolRule] })).toMatchObject({ decision: "never", rule: "no" });
});

test("an extra argument does not slip past a rule that forbids", () => {
  const rule = { name: "no", arguments: { replicas: { at_least: 50 } }, decision: "never" };
  const args = { release: "etl", replicas: 60, wait: true };
  expect(decision({ rules: [rule] }, { tool: "helm_scale", args })).toBe("never");
});

test("the kill switch stops everything, undo too", () => {
  expect(decision({ kill_switch: true, rules: [poolRule] }, { isUndo: true })).toBe("never");
});

test("a freeze holds from its first moment to its last, in its namespaces", () => {
  const freeze = { name: "close", from: "2026-04-25T14:30:00Z", to: "2026-04-25T16:00:00+00:00" };
  expect(decide({ freezes: [freeze] })).toMatchObject({ decision: "never", rule: "close" });
  const ended = { ...freeze, from: "2026-04-25T13:00:00Z", to: "2026-04-25T14:30:00Z" };
  expect(decision({ freezes: [ended] })).toBe("person");
  expect(decision({ freezes: [{ ...freeze, namespaces: ["shop"] }] })).toBe("person");
});

test("what a controller owns is refused unless the policy names the tool", () => {
  const owners = [{ by: "Flux" as const, name: "apps", effect: "It reverts this." }];
  const answer = decide({}, { owners });
  expect(answer).toMatchObject({
    decision: "refused",
    why: "Flux apps owns this: It reverts this.",
  });
  expect(answer.hint).toMatch(/^Change it where Flux takes it from, .* allow_owned/);
  const scaler = { by: "HorizontalPodAutoscaler" as const, name: "web", effect: "It scales." };
  expect(decide({}, { owners: [scaler] }).hint).toMatch(/^Change the bounds of web instead, or /);
  expect(decision({ allow_owned: ["kubectl_*"] }, { owners })).toBe("person");
});

test("the same change waits for the cooldown; taking it back does not", () => {
  const recent = { ...quiet, sameToolSameTarget: [minutesAgo(30), minutesAgo(1)] };
  const answer = decide({}, { recent });
  expect(answer.decision).toBe("refused");
  expect(answer.why).toMatch(/^kubectl_patch_configmap changed this target 1m ago/);
  expect(answer.hint).toContain("2026-04-25T14:31:00Z");
  expect(answer.hint).toContain("undo_action");
  expect(decision({}, { recent, isUndo: true })).toBe("person");
  expect(decision({}, { recent: { ...quiet, sameToolSameTarget: [minutesAgo(2)] } })).toBe(
    "person",
  );
});

test("changes of the last hour count against the limits", () => {
  const limits = { cooldown_minutes: 0, per_target_hour: 2, per_hour: 3 };
  const times = [minutesAgo(10), minutesAgo(20), minutesAgo(61)];
  expect(decide({ limits }, { recent: { ...quiet, target: times } })).toMatchObject({
    decision: "refused",
    why: "The limit of 2 changes of this target in an hour is reached.",
  });
  expect(decision({ limits }, { recent: { ...quiet, all: times } })).toBe("person");
  const all = [...times, minutesAgo(5)];
  expect(decision({ limits }, { recent: { ...quiet, all }, isUndo: true })).toBe("refused");
});

test("approvers are named by glob; without a list anyone may approve", () => {
  expect(mayApprove(policy({}), "anyone")).toBe(true);
  expect(mayApprove(policy({ approvers: ["alice", "oncall-*"] }), "oncall-2")).toBe(true);
  expect(mayApprove(policy({ approvers: ["alice"] }), "mallory")).toBe(false);
});
