import type { Desk } from "./desk.ts";
import { type ExitCode, exit } from "./exit-codes.ts";

/** `sandbox reset`: the next start begins a new world. */
export async function sandbox({ office, terminal, config, words }: Desk): Promise<ExitCode> {
  if (words[0] !== "reset") {
    terminal.warn("Usage: firewatch sandbox reset");
    return exit.usage;
  }
  const { journal } = await office.store();
  await journal.reset();
  terminal.say(`The sandbox in ${config.stateDir} begins anew at the next start.`);
  return exit.ok;
}
