// biome-ignore-all lint/suspicious/noTemplateCurlyInString: templates of runbooks, not of TypeScript
import { expect, test } from "vitest";
import { runbookSchema } from "#domain/runbooks/schema.ts";

const sound = {
  api_version: "firewatch/v1",
  kind: "Runbook",
  slug: "queue-backlog",
  version: 1,
  title: "Queue backlog",
  description: "Messages wait.",
  owner: "platform",
  incident_types: ["backlog"],
  risk: "medium",
  reversible: "yes",
  match: { any: [{ alarm_name: "*queue*" }], symptoms: ["messages wait"] },
  parameters: [{ name: "queue", type: "string", description: "Queue.", example: "orders" }],
  steps: [
    {
      id: "depth",
      kind: "tool",
      name: "Read its depth",
      tool: "get_metric_statistics",
      args: { dimensions: { QueueName: "${queue}" } },
      values: { depth_count: "statistics.0.last" },
    },
    {
      id: "decide",
      kind: "branch",
      name: "Deep?",
      cases: [{ check: "depth_count < 10", goto: "end" }],
      otherwise: "tell",
    },
    { id: "tell", kind: "note", name: "Say so", text: "${queue} is deep." },
  ],
  references: [{ title: "Queues", url: "https://example.com/queues" }],
};
const [depth, decide, tell] = sound.steps;

function faults(change: object): string {
  const parsed = runbookSchema.safeParse({ ...sound, ...change });
  return parsed.success ? "" : parsed.error.issues.map(issueText).join("\n");
}
const issueText = ({ path, message }: { path: PropertyKey[]; message: string }) =>
  `${path.map(String).join(".")}: ${message}`;

test("a sound runbook is read, with its defaults", () => {
  expect(runbookSchema.parse(sound)).toMatchObject({
    limits: { max_runs_per_target_hour: 2, cooldown_minutes: 10 },
    match: { priority: 50, all: [] },
    steps: [{ on_failure: "abort" }, {}, {}],
  });
});

test.each([
  ["an unknown key", { retries: 3 }, /retries/],
  ["an unknown key of a step", { steps: [{ ...depth, shell: "rm" }] }, /shell/],
  ["an unknown kind of step", { steps: [{ ...depth, kind: "script" }] }, /steps\.0\.kind/],
  ["a slug with a path in it", { slug: "../etc" }, /slug/],
  [
    "a sign with a bad expression",
    { match: { ...sound.match, any: [{ log_pattern: "(" }] } },
    /match\.any\.0/,
  ],
  [
    "a reference that is no https address",
    { references: [{ title: "x", url: "http://x" }] },
    /references/,
  ],
  [
    "two steps of one id",
    { steps: [depth, decide, tell, tell] },
    /steps\.3\.id: is used by an earlier step/,
  ],
  ["a step named end", { steps: [{ ...tell, id: "end" }] }, /steps\.0\.id: is reserved/],
  [
    "a jump to nowhere",
    { steps: [depth, { ...decide, otherwise: "away" }, tell] },
    /goes to away, which is no later step/,
  ],
  [
    "a jump back",
    { steps: [depth, { ...decide, otherwise: "depth" }, tell] },
    /goes to depth, which is no later step/,
  ],
  [
    "a failure that jumps back",
    { steps: [tell, { ...depth, on_failure: { goto: "tell" } }] },
    /goes to tell/,
  ],
  [
    "a value that nothing read",
    { steps: [decide, tell] },
    /steps\.0\.check: nothing before it names depth_count/,
  ],
  ["a template without its parameter", { parameters: [] }, /no parameter or value is named queue/],
  [
    "a parameter named twice",
    { parameters: [...sound.parameters, ...sound.parameters] },
    /parameters\.1: is named twice/,
  ],
  [
    "an example out of bounds",
    { parameters: [{ ...sound.parameters[0], type: "integer", max: 5, example: 9 }] },
    /queue: at most 5/,
  ],
  [
    "an example of the wrong type",
    { parameters: [{ ...sound.parameters[0], type: "namespace", example: "-Data" }] },
    /parameters\.0: queue/,
  ],
  [
    "a way back for a step that changes nothing",
    { compensation: [{ for: "tell", name: "x", tool: "undo_action" }] },
    /compensation\.0\.for: names no step that calls a tool/,
  ],
])("%s is a fault", (_, change, fault) => {
  expect(faults(change)).toMatch(fault);
});
