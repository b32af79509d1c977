import { decide, findPending } from "#calls/approve.ts";
import { type Desk, recording } from "./desk.ts";
import { type ExitCode, exit } from "./exit-codes.ts";
import { whyClosed } from "./pending.ts";

/** Closes an approval. It needs no terminal: nothing can be changed by it. */
export async function deny(desk: Desk): Promise<ExitCode> {
  const { office, terminal, words, user } = desk;
  const pending = await findPending(office.house, words[0] ?? "");
  const { code } = pending.approval;
  const closed = whyClosed(pending, office.house.wallClock.now());
  const answer = { approve: false, by: user, channel: "terminal" } as const;
  if (closed === undefined && (await decide(recording(desk), code, answer)) !== undefined) {
    terminal.say(`Declined ${code}: ${pending.action.shown.summary}`);
    return exit.ok;
  }
  terminal.warn(`Approval ${code} ${closed ?? "was decided in between"}. Nothing was decided.`);
  return exit.badCode;
}
