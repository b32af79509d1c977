// biome-ignore-all lint/suspicious/noTemplateCurlyInString: templates of runbooks, not of TypeScript
import { join } from "node:path";
import { expect, test } from "vitest";
import * as z from "zod";
import { packageRoot } from "#adapters/files/package-root.ts";
import { runbookFolder } from "#adapters/files/runbooks.ts";
import { isObject, type JsonObject } from "#domain/json.ts";
import { exampleValues, fillArgs } from "#domain/runbooks/parameters.ts";
import type { Runbook } from "#domain/runbooks/runbook.ts";
import { getAction } from "#tools/actions/get-action.ts";
import { undoAction } from "#tools/actions/undo-action.ts";
import { toolsets } from "#tools/index.ts";

const folder = runbookFolder(join(packageRoot(), "runbooks"));
const runbooks = await folder.list();
const everyTool = [...toolsets.flatMap((set) => set.tools), getAction, undoAction];
const tools = new Map(everyTool.map((tool) => [tool.name, tool]));

test("the eight are there, and none is broken", async () => {
  expect(await folder.broken()).toEqual([]);
  expect(runbooks.map(({ slug }) => slug)).toEqual([
    "connection-pool-exhaustion",
    "crashloopbackoff",
    "database-connections",
    "failed-rollout",
    "http-5xx-after-release",
    "image-pull-failure",
    "oomkilled",
    "pipeline-failure-rate",
  ]);
});

interface CallIn {
  readonly where: string;
  readonly tool: string;
  readonly args: JsonObject;
  readonly values: Readonly<Record<string, string>>;
  readonly looks: boolean;
}

function callsOf({ slug, preconditions, steps, compensation }: Runbook): readonly CallIn[] {
  const reads = [
    ...preconditions.map(({ name, reads }) => ({ at: name, reads })),
    ...steps.flatMap((step) =>
      step.kind === "verify" ? [{ at: step.id, reads: step.reads }] : [],
    ),
  ];
  return [
    ...reads.flatMap(({ at, reads }) =>
      reads.map((read) => ({ ...read, where: `${slug} ${at}`, looks: true })),
    ),
    ...steps.flatMap((step) =>
      step.kind === "tool" ? [{ ...step, where: `${slug} ${step.id}`, looks: false }] : [],
    ),
    ...compensation.map((way) => ({
      ...way,
      where: `${slug} ${way.name}`,
      values: {},
      looks: false,
    })),
  ];
}

const calls = runbooks.flatMap((runbook) => callsOf(runbook).map((call) => ({ ...call, runbook })));

test.each(calls)("$where: $tool takes its arguments and gives what is read of it", (call) => {
  const tool = tools.get(call.tool);
  if (!tool) throw new Error(`no tool is named ${call.tool}`);
  const given = valuesOfSteps(call.runbook);
  const args = fillArgs(call.args, { ...given, ...exampleValues(call.runbook.parameters) });
  expect(JSON.stringify(args)).not.toContain("${");
  expect(() => tool.accept(args)).not.toThrow();
  if (call.looks) expect(tool.kind).toBe("query");
  const output = tool.kind === "query" || tool.kind === "record" ? tool.output : actionResult;
  for (const path of Object.values(call.values)) expect(reaches(output, path), path).toBe(true);
});

/** What every action answers, as far as runbooks read it. */
const actionResult = z.object({ status: z.string(), action_id: z.string() });

function valuesOfSteps({ steps }: Runbook) {
  const names = steps.flatMap((step) => (step.kind === "tool" ? Object.keys(step.values) : []));
  return Object.fromEntries(names.map((name) => [name, "ACT-1"]));
}

/** Whether the result that the schema describes can have something at the dotted path. */
function reaches(schema: z.ZodObject, path: string): boolean {
  let at: unknown = z.toJSONSchema(schema, { unrepresentable: "any" });
  for (const key of path.split(".")) {
    if (!isObject(at)) return false;
    at = /^\d+$/.test(key) ? at.items : isObject(at.properties) && at.properties[key];
  }
  return isObject(at);
}

test("each has symptoms, a way back for what it changes, and references", () => {
  for (const { slug, match, steps, compensation, references } of runbooks) {
    const changes = steps.filter(
      (step) => step.kind === "tool" && tools.get(step.tool)?.kind === "action",
    );
    expect(match.symptoms.length, slug).toBeGreaterThan(1);
    expect(references.length, slug).toBeGreaterThan(0);
    expect(changes.length, slug).toBeGreaterThan(0);
    const undone = compensation.map((way) => way.for);
    const lasting = changes.filter(
      (step) => step.kind === "tool" && step.tool !== "kubectl_rollout_restart",
    );
    expect(undone.toSorted(), slug).toEqual(lasting.map(({ id }) => id).toSorted());
  }
});

test("rollbacks are a person's to approve, whatever the policy says", () => {
  const rollbacks = runbooks.flatMap(({ steps }) =>
    steps.filter((step) => step.kind === "tool" && step.tool === "helm_rollback"),
  );
  expect(rollbacks.length).toBeGreaterThan(0);
  for (const step of rollbacks) expect(step).toMatchObject({ approval: "person" });
});
