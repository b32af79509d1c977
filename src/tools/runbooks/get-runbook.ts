import * as z from "zod";
import { jsonObjectSchema } from "#domain/json.ts";
import { outlineSteps } from "#domain/runbooks/outline.ts";
import type { Runbook } from "#domain/runbooks/runbook.ts";
import { closest } from "#domain/text/closest.ts";
import { OpsError } from "#errors.ts";
import { defineQuery } from "#tools/define.ts";
import { textField } from "#tools/fields.ts";

const step = z.object({
  id: z.string(),
  kind: z.string(),
  name: z.string(),
  tool: z.string().optional(),
  args: jsonObjectSchema.optional(),
  check: z.string().optional(),
  detail: z.string().optional(),
});
type StepRow = z.output<typeof step>;

export const getRunbook = defineQuery({
  name: "get_runbook",
  title: "Read a runbook",
  description:
    "Read one runbook: parameters, what must hold before, steps with tools and checks, the way back, references.",
  needs: ["runbooks"],
  input: z.strictObject({
    slug: textField(60).describe("Slug, as find_runbook gives it."),
  }),
  output: z.object({
    slug: z.string(),
    version: z.int(),
    title: z.string(),
    description: z.string(),
    risk: z.string(),
    reversible: z.string(),
    owner: z.string(),
    parameters: z.array(z.object({ name: z.string(), description: z.string() })),
    preconditions: z.array(z.object({ name: z.string(), tool: z.string(), check: z.string() })),
    steps: z.array(step),
    way_back: z.array(z.string()),
    references: z.array(z.object({ title: z.string(), url: z.string() })),
  }),
  async run({ slug }, { runbooks }) {
    const all = await runbooks.list();
    const runbook = all.find((one) => one.slug === slug);
    if (runbook) return shown(runbook);
    const broken = (await runbooks.broken()).find(({ file }) => file === `${slug}.yaml`);
    if (broken) throw unusable(slug, broken.cause);
    throw unknown(slug, all);
  },
  render({ title, slug, description, risk, reversible, owner, ...parts }) {
    return [
      `# ${title} (${slug})`,
      description,
      `Risk ${risk}, reversible: ${reversible}, owner ${owner}.`,
      section(
        "Parameters",
        parts.parameters.map(({ name, description }) => `${name}: ${description}`),
      ),
      section(
        "Before",
        parts.preconditions.map(({ name, tool, check }) => `${name}: ${check} (${tool})`),
      ),
      `Steps\n${parts.steps.map(stepText).join("\n")}`,
      section("Way back", parts.way_back),
      section(
        "References",
        parts.references.map(({ title, url }) => `${title}: ${url}`),
      ),
    ]
      .filter((part) => part !== "")
      .join("\n\n");
  },
});

function shown(runbook: Runbook) {
  const { slug, version, title, description, risk, reversible, owner, references } = runbook;
  return {
    ...{ slug, version, title, description, risk, reversible, owner, references },
    parameters: runbook.parameters.map(({ name, description }) => ({ name, description })),
    preconditions: runbook.preconditions.map(({ name, reads, check }) => ({
      name,
      tool: reads.map(({ tool }) => tool).join(", "),
      check,
    })),
    steps: [...outlineSteps(runbook)],
    way_back: runbook.compensation.map(({ name, tool }) => `${name}: ${tool}`),
  };
}

function section(title: string, lines: readonly string[]): string {
  return lines.length === 0 ? "" : `${title}\n${lines.map((line) => `- ${line}`).join("\n")}`;
}

function stepText({ id, name, tool, args, check, detail }: StepRow, index: number): string {
  const call = tool && `${tool} ${JSON.stringify(args ?? {})}`;
  const rest = [call, check && `check ${check}`, detail].filter(Boolean);
  return [`${index + 1}. [${id}] ${name}`, ...rest.map((line) => `   ${line}`)].join("\n");
}

function unusable(slug: string, cause: string): OpsError {
  return new OpsError(
    "invalid_input",
    `The runbook ${slug} cannot be used: ${cause}.`,
    "Mend its file, or use another: find_runbook lists them.",
  );
}

function unknown(slug: string, all: readonly Runbook[]): OpsError {
  const near = closest(
    slug,
    all.map((one) => one.slug),
  );
  return new OpsError(
    "not_found",
    `There is no runbook ${JSON.stringify(slug)}.`,
    near.length > 0 ? `Close: ${near.join(", ")}.` : "find_runbook without arguments lists all.",
  );
}
