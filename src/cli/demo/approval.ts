import * as z from "zod";
import type { Page } from "./guide.ts";

/** The terminal, if a person sits there. */
export interface Terminal {
  readonly interactive: boolean;
  say(text: string): void;
  warn(text: string): void;
  ask(question: string): Promise<string | undefined>;
}

/** What the server asks the host to ask its user. */
const question = z.object({
  message: z.string(),
  requestedSchema: z.object({ properties: z.record(z.string(), z.unknown()) }),
});

/** What the host sends back. */
export interface Reply {
  action: "accept" | "decline";
  content?: Record<string, string | boolean>;
}

/** Shows the plan that waits for a person and brings back the person's answer. */
export function approver(page: Page, terminal: Terminal, sayYes: boolean) {
  return async (params: unknown): Promise<Reply> => {
    const { message, requestedSchema } = question.parse(params);
    await page.heading("Plan and approval");
    await page.answered(["The server carries nothing out without a person. It asks:", ""]);
    await page.answered(message.split("\n").filter((line) => !line.startsWith("```")));
    terminal.say("");
    const target = "target" in requestedSchema.properties;
    if (sayYes || !terminal.interactive) return await yesItself(page, terminal, message, target);
    return await askPerson(terminal, target);
  };
}

async function yesItself(page: Page, { interactive }: Terminal, message: string, target: boolean) {
  const why = interactive ? "as --yes asks" : "there is no terminal to ask in";
  const name = target ? targetIn(message) : undefined;
  await page.says(`The demo answers yes itself: ${why}.${name ? ` Target typed: ${name}.` : ""}`);
  return accepted(name);
}

async function askPerson(terminal: Terminal, target: boolean): Promise<Reply> {
  const yes = await terminal.ask("Carry out exactly this plan, once? Type yes or no: ");
  if (yes?.toLowerCase() !== "yes") return { action: "decline" };
  if (!target) return accepted(undefined);
  const name = await terminal.ask("The risk is high. Type the target's name to confirm: ");
  return name === undefined ? { action: "decline" } : accepted(name);
}

function accepted(target: string | undefined): Reply {
  return { action: "accept", content: { approve: true, ...(target ? { target } : {}) } };
}

/** The name in `Target: Release team/web in cluster prod. Risk: high.` */
export function targetIn(message: string): string | undefined {
  return /^Target: \S+ (?:[^\s/]+\/)?(\S+?)(?: in cluster \S+)?\. Risk:/m.exec(message)?.[1];
}
