import type { Desk } from "./desk.ts";
import { type ExitCode, exit } from "./exit-codes.ts";
import { hashPassphrase, isPassphrase, MIN_PASSPHRASE } from "./passphrase.ts";

/** Sets the approver's passphrase; the one that is set has to be known. */
export async function approver({ office, terminal, config }: Desk): Promise<ExitCode> {
  if (!terminal.interactive) {
    terminal.warn("There is no terminal here to type a passphrase in. Run this command in one.");
    return exit.noTerminal;
  }
  const { keys } = await office.house.records();
  const stored = await keys.passphrase();
  if (stored !== undefined) {
    const current = await terminal.askHidden("Passphrase that is set now: ");
    if (current === undefined || !(await isPassphrase(current, stored))) {
      return failed("That is not the passphrase. It stays as it is.");
    }
  }
  const fresh = (await terminal.askHidden("New passphrase: ")) ?? "";
  if (fresh.length < MIN_PASSPHRASE) {
    return failed(`It needs at least ${MIN_PASSPHRASE} characters. Nothing was set.`);
  }
  if ((await terminal.askHidden("The same again: ")) !== fresh) {
    return failed("The two differ. Nothing was set.");
  }
  await keys.setPassphrase(await hashPassphrase(fresh));
  const policy = await office.house.policy.load();
  terminal.say("Set.");
  if (!policy.require_passphrase) {
    terminal.say(
      `\`approve\` asks for it once ${config.policy.path} says require_passphrase: true.`,
    );
  }
  return exit.ok;

  function failed(text: string): ExitCode {
    terminal.warn(text);
    return exit.no;
  }
}
