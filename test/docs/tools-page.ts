import * as z from "zod";
import { table } from "#domain/text/table.ts";
import type { Toolset } from "#tools/index.ts";
import type { Tool } from "#tools/tool.ts";

const argument = z.looseObject({
  description: z.string(),
  type: z.union([z.string(), z.array(z.string())]).optional(),
  enum: z.array(z.string()).optional(),
  items: z.looseObject({ enum: z.array(z.string()).optional() }).optional(),
  default: z.json().optional(),
});
type Argument = z.output<typeof argument>;

const listedTool = z.looseObject({
  name: z.string(),
  title: z.string().optional(),
  description: z.string().optional(),
  inputSchema: z.looseObject({
    properties: z.record(z.string(), argument).default({}),
    required: z.array(z.string()).default([]),
  }),
});

/** A tool as the server lists it. */
export type ListedTool = z.output<typeof listedTool>;

/** docs/tools.md: what the server lists, under the toolset of each tool. */
export function toolsPage(
  listed: readonly unknown[],
  toolsets: readonly Toolset[],
  catalogue: ReadonlyMap<string, Tool>,
): string {
  const tools = listed.map((tool) => listedTool.parse(tool));
  const inSets = toolsets.flatMap(({ tools: members }) => members.map(({ name }) => name));
  const section = (title: string, note: string, names: readonly string[]) => [
    `## ${title}`,
    note,
    ...tools
      .filter(({ name }) => names.includes(name))
      .flatMap((tool) => toolText(tool, catalogue)),
  ];
  const others = tools.map(({ name }) => name).filter((name) => !inSets.includes(name));
  return `${[
    "# Tools",
    "Generated from what the server lists. A read only looks. A record writes Firewatch's own records or tells people. An action changes something: it plans, a person approves, and it is carried out once and verified.",
    "Every argument is checked: an unknown one is an error that names those there are. Arguments without a default and not marked required may be left out. With several clusters or regions, tools take `cluster` or `region` besides.",
    ...toolsets.flatMap(({ name, title, default: usual, tools: members }) =>
      section(
        title,
        `Toolset \`${name}\`, ${usual ? "offered by default" : "offered when asked for"}.`,
        members.map((tool) => tool.name),
      ),
    ),
    ...section("Actions", "Offered with any action.", others),
  ].join("\n\n")}\n`;
}

function toolText(tool: ListedTool, catalogue: ReadonlyMap<string, Tool>): readonly string[] {
  const { properties, required } = tool.inputSchema;
  const rows = Object.entries(properties).map(([name, field]) => [
    `\`${name}\``,
    typeText(field),
    required.includes(name) ? "required" : defaultText(field),
    field.description,
  ]);
  return [
    `### ${tool.name}`,
    kindText(catalogue.get(tool.name)),
    `${tool.description}`,
    table(["argument", "type", "default", "meaning"], rows),
  ];
}

function kindText(tool: Tool | undefined): string {
  switch (tool?.kind) {
    case "query":
      return "Read.";
    case "record":
      return "Record.";
    case "action":
      return `Action of ${tool.risk} risk, reversible: ${tool.reversible}.`;
    default:
      return "Stands for another action, with its risk.";
  }
}

function typeText({ type, enum: words, items }: Argument): string {
  if (words !== undefined) return words.map((word) => `\`${word}\``).join(", ");
  if (items?.enum !== undefined)
    return `list of ${items.enum.map((word) => `\`${word}\``).join(", ")}`;
  if (type === "array") return "list";
  return typeof type === "string" ? type : "any";
}

function defaultText({ default: value }: Argument): string {
  return value === undefined ? "" : `\`${JSON.stringify(value)}\``;
}
