import { findCommand } from "#config/commands.ts";
import { commandHelp, helpText } from "#config/text.ts";
import { VERSION } from "#version.ts";
import { type ExitCode, exit } from "./exit-codes.ts";
import type { Terminal } from "./terminal.ts";

interface Asked {
  readonly terminal: Terminal;
  readonly words: readonly string[];
}

export async function help({ terminal, words }: Asked): Promise<ExitCode> {
  const [name] = words;
  const command = name === undefined ? undefined : findCommand(name);
  if (name !== undefined && command === undefined) {
    terminal.warn(`There is no command ${name}. \`firewatch help\` lists those there are.`);
    return exit.usage;
  }
  terminal.say(command === undefined ? helpText() : commandHelp(command));
  return exit.ok;
}

export async function version({ terminal }: Asked): Promise<ExitCode> {
  terminal.say(VERSION);
  return exit.ok;
}
