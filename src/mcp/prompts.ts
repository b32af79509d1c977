import { completable, type McpServer, type ServerContext } from "@modelcontextprotocol/server";
import * as z from "zod";
import type { Calls } from "#calls/index.ts";
import { factCalls, promptText } from "#prompts/fill.ts";
import type { Prompt, PromptArgument } from "#prompts/index.ts";
import type { Caller } from "#tools/tool.ts";

/** The roles' prompts, filled with facts that are read when they are asked for. */
export function registerPrompts(
  server: McpServer,
  calls: Calls,
  prompts: readonly Prompt[],
  callerOf: (ctx: ServerContext) => Caller,
): void {
  for (const prompt of prompts) {
    const { name, title, description } = prompt;
    const argsSchema = z.object(
      Object.fromEntries(prompt.arguments.map((each) => [each.name, argument(each, calls)])),
    );
    server.registerPrompt(name, { title, description, argsSchema }, async (args, ctx) => ({
      description,
      messages: [
        {
          role: "user",
          content: { type: "text", text: await filled(prompt, args, calls, callerOf(ctx), ctx) },
        },
      ],
    }));
  }
}

const MAX_ARGUMENT = 256;

function argument({ description, required, complete }: PromptArgument, { reads }: Calls) {
  const text = z.string().max(MAX_ARGUMENT).describe(description);
  const field = completable(text, (typed) => reads.complete(complete, typed));
  return required ? field : field.optional();
}

/** Each fact comes through `perform`, so that a prompt bypasses neither policy nor redaction. */
async function filled(
  prompt: Prompt,
  args: Readonly<Record<string, string | undefined>>,
  calls: Calls,
  caller: Caller,
  { mcpReq }: ServerContext,
): Promise<string> {
  const { signal } = mcpReq;
  const facts = factCalls(prompt.facts, args);
  const outcomes = await Promise.all(
    facts.map(({ tool, args: given }) => calls.perform(tool, given, caller, { signal })),
  );
  const texts = outcomes.map(({ text }) => text);
  return promptText(prompt.body, args, facts, texts);
}
