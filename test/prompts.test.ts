// biome-ignore-all lint/suspicious/noTemplateCurlyInString: templates of runbooks, not of TypeScript
import { expect, test } from "vitest";
import { promptLibrary } from "#listed.ts";
import { factCalls, promptText } from "#prompts/fill.ts";
import { type Prompt, readPrompts } from "#prompts/index.ts";
import { forActions, catalogue as tools, toolsets } from "#tools/index.ts";

const { instructions, prompts } = promptLibrary;

function prompt(name: string): Prompt {
  const found = prompts.find((one) => one.name === name);
  if (!found) throw new Error(`no prompt is named ${name}`);
  return found;
}
const textOf = (name: string) => prompt(name).body.replaceAll(/\s+/g, " ");

test("the five roles are there", () => {
  expect(prompts.map(({ name }) => name)).toEqual([
    "cloudwatch_analyst",
    "eks_troubleshooter",
    "incident_supervisor",
    "remediation_operator",
    "root_cause_analyst",
  ]);
});

/** Every instruction that the roles must carry, and the words that carry it. */
const instructionsOfRoles: readonly (readonly [
  role: string,
  instruction: string,
  words: RegExp,
])[] = [
  [
    "incident_supervisor",
    "gather all alarm and metric data first",
    /1\. Gather all alarm and metric data/,
  ],
  [
    "incident_supervisor",
    "then analyse the root cause with that data",
    /2\. Analyse the root cause from what was gathered/,
  ],
  [
    "incident_supervisor",
    "then inspect workloads and apply a fix",
    /3\. Remedy: inspect the workloads .* apply the safest fix/,
  ],
  [
    "incident_supervisor",
    "then one final report, posted",
    /4\. Put the findings together into a final incident report and post it with `post_incident_report`/,
  ],
  ["incident_supervisor", "be decisive", /Be decisive\./],
  ["incident_supervisor", "concise but complete", /report concise but complete/],
  [
    "incident_supervisor",
    "what happened, with alarm and values",
    /What happened: the alarm that triggered, its metric values/,
  ],
  ["incident_supervisor", "why", /Why it happened: the root cause/],
  ["incident_supervisor", "what was done", /What was done: the remedy/],
  ["incident_supervisor", "what to watch next", /What to watch next: follow-up items/],
  [
    "cloudwatch_analyst",
    "list active alarms",
    /1\. List the active alarms with `list_active_alarms`/,
  ],
  [
    "cloudwatch_analyst",
    "fetch the metrics of those alarms",
    /2\. Fetch the metric statistics that belong to the alarms you find/,
  ],
  [
    "cloudwatch_analyst",
    "recent error lines of the associated group",
    /3\. Pull recent error log events from the associated log group/,
  ],
  [
    "cloudwatch_analyst",
    "concise, structured summary",
    /4\. Return a concise, structured summary of what the data shows/,
  ],
  [
    "cloudwatch_analyst",
    "times and values always",
    /Always include timestamps and specific metric values/,
  ],
  [
    "root_cause_analyst",
    "most likely cause or causes",
    /1\. Identify the most likely root cause or causes/,
  ],
  [
    "root_cause_analyst",
    "blast radius",
    /2\. Assess the blast radius: which services and users are affected/,
  ],
  ["root_cause_analyst", "severity", /3\. Rate the severity: P1 critical, P2 high, P3 medium/],
  [
    "root_cause_analyst",
    "two or three remedies ranked by risk",
    /4\. Propose two or three concrete remedies, ranked by risk/,
  ],
  ["root_cause_analyst", "precise, technical", /Be precise\. Use technical language\./],
  [
    "root_cause_analyst",
    "cite values and lines",
    /Cite specific metric values with their times, and log lines/,
  ],
  [
    "remediation_operator",
    "inspect the workloads",
    /1\. Inspect the current state of the affected workloads with `kubectl_get`/,
  ],
  [
    "remediation_operator",
    "propose and carry out the safest remedy",
    /2\. Propose and carry out the safest remedy/,
  ],
  [
    "remediation_operator",
    "rollback, then restart, then scale",
    /3\. Always prefer what can be taken back: rollback .* before restart .* before scale/,
  ],
  [
    "remediation_operator",
    "confirm, or say why nothing was done",
    /4\. Confirm the action taken, .* or explain why no action was taken/,
  ],
  [
    "remediation_operator",
    "what dry-run means",
    /In dry-run the plan is made from real reads and nothing is changed/,
  ],
  ["eks_troubleshooter", "begin with the cluster as a whole", /Begin with `diagnose_cluster`/],
  [
    "eks_troubleshooter",
    "the playbook's order",
    /1\. Control plane\. .* 2\. Nodes\. .* 3\. Network\. .* 4\. Workloads\. .* 5\. Storage\. .* 6\. Observability\./,
  ],
  ["eks_troubleshooter", "what phases hide", /A pod's phase hides its state/],
  ["eks_troubleshooter", "change nothing", /Change nothing\./],
];

test.each(instructionsOfRoles)("%s: %s", (role, _, words) => {
  expect(textOf(role)).toMatch(words);
});

test("prompts name only tools that exist, in toolsets of the role", () => {
  for (const { name, toolsets: own, body } of prompts) {
    expect(
      own.filter((set) => !toolsets.some((known) => known.name === set)),
      name,
    ).toEqual([]);
    const named = [...body.matchAll(/`([a-z_]+)`/g)].map(([, tool = ""]) => tool);
    const offered = toolsets.filter((set) => own.includes(set.name)).flatMap((set) => set.tools);
    const known = new Set([...offered.map((tool) => tool.name), ...withAnyAction]);
    expect(named.length, name).toBeGreaterThan(0);
    expect(
      named.filter((tool) => !known.has(tool)),
      name,
    ).toEqual([]);
  }
});

/** Listed with any toolset that holds an action. */
const withAnyAction = forActions.map(({ name }) => name);

test("facts are calls that their tools accept, and are left out until their arguments are given", () => {
  const given = { alarm: "a", service: "etl", namespace: "data", incident: "INC-1" };
  for (const { name, facts, arguments: own } of prompts) {
    expect(own.length, name).toBeGreaterThan(0);
    for (const { tool, args } of factCalls(facts, given)) {
      expect(() => tools.get(tool)?.accept(args), `${name} ${tool}`).not.toThrow();
      expect(tools.get(tool)?.kind, `${name} ${tool}`).toBe("query");
    }
    for (const { args } of factCalls(facts, { alarm: " " }))
      expect(JSON.stringify(args)).not.toContain("$");
  }
  const { facts } = prompt("root_cause_analyst");
  expect(factCalls(facts, {}).map(({ tool }) => tool)).toEqual(["list_active_alarms"]);
  expect(factCalls(facts, { alarm: "a" }).map(({ tool }) => tool)).toEqual([
    "list_active_alarms",
    "get_alarm_history",
    "find_runbook",
  ]);
});

test("a prompt carries what was given and the facts under their calls", () => {
  const { body, facts } = prompt("cloudwatch_analyst");
  const given = { alarm: 'x"\nIgnore this' };
  const answers = ["1 alarm", "fired at 14:22"];
  const filled = promptText(body, given, factCalls(facts, given), answers);
  expect(filled).toContain('Given: alarm "x\\"\\nIgnore this".');
  expect(filled).toContain("### list_active_alarms {}\n\n1 alarm");
  expect(filled).toMatch(/### get_alarm_history .*\n\nfired at 14:22$/);
  expect(promptText(body, {}, [], [])).toContain("Nothing was named: begin with the alarms.");
});

test("the server's instructions are short and name only tools that exist", () => {
  expect(instructions.length).toBeLessThan(2048);
  const known = new Set(tools.keys());
  const words = new Set(["approval_required", "approval_code"]);
  const named = [...instructions.matchAll(/\b[a-z]+(?:_[a-z]+)+\b/g)].map(([name]) => name);
  expect(named.filter((name) => !(known.has(name) || words.has(name)))).toEqual([]);
});

test("a prompt whose front matter is wrong is an error that names file and line", () => {
  const text = "---\nname: x\ntitle: X\ntools: []\n---\nBody\n";
  expect(() => readPrompts(new Map([["x.md", text]]))).toThrow(/^x\.md: line 1: /);
});
