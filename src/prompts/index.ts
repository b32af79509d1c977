import * as z from "zod";
import { jsonObjectSchema } from "#domain/json.ts";
import { readYaml, yamlFault } from "#domain/text/yaml.ts";

const identifier = z.string().regex(/^[a-z][a-z_]*$/);

const headSchema = z.strictObject({
  name: identifier,
  title: z.string().min(1),
  description: z.string().min(1),
  /** The mode in which the role's server is meant to run. */
  mode: z.enum(["read-only", "live"]),
  /** Toolsets of the role, so that each of several agents gets its own tools. */
  toolsets: z.array(z.string()).min(1),
  arguments: z.array(
    z.strictObject({
      name: identifier,
      description: z.string(),
      required: z.boolean().default(false),
      complete: z.enum(["alarm", "service", "namespace", "incident"]),
    }),
  ),
  /** Calls whose answers the prompt carries. One with an argument that was not given is left out. */
  facts: z.array(z.strictObject({ tool: identifier, args: jsonObjectSchema })),
});
type Head = z.output<typeof headSchema>;
export type PromptArgument = Head["arguments"][number];

/** A role's prompt as its file has it. */
export interface Prompt extends Head {
  readonly body: string;
}

export interface PromptLibrary {
  /** What the server tells every model at the start. */
  readonly instructions: string;
  readonly prompts: readonly Prompt[];
}

const INSTRUCTIONS = "instructions.md";

/** The prompts of this package's files, by file name. */
export function readPrompts(files: ReadonlyMap<string, string>): PromptLibrary {
  const roles = [...files].filter(([file]) => file !== INSTRUCTIONS);
  return {
    instructions: files.get(INSTRUCTIONS)?.trim() ?? "",
    prompts: roles.map(([file, text]) => readPrompt(file, text)),
  };
}

function readPrompt(file: string, text: string): Prompt {
  const [, front = "", body = ""] = /^---\n(.*?)\n---\n(.*)$/s.exec(text) ?? [];
  const head = readYaml(front, headSchema);
  if (!head.ok) throw new Error(`${file}: ${yamlFault(head)}`);
  return { ...head.value, body: body.trim() };
}
