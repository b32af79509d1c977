import { listPending, type Pending } from "#calls/approve.ts";
import { targetText } from "#domain/approvals/render.ts";
import { duration } from "#domain/text/time.ts";
import { aligned } from "./aligned.ts";
import type { Desk } from "./desk.ts";
import { type ExitCode, exit } from "./exit-codes.ts";

/** Lists what waits for a person. */
export async function approvals({ office, terminal, config }: Desk): Promise<ExitCode> {
  const now = office.house.wallClock.now();
  const waiting = await listPending(office.house);
  if (waiting.length === 0) {
    terminal.say(`Nothing waits for approval in ${config.stateDir}.`);
    return exit.ok;
  }
  const head = ["CODE", "LEFT", "RISK", "TARGET", "PLAN"];
  terminal.say(aligned([head, ...waiting.map((pending) => row(pending, now))]));
  terminal.say("\nSee one and decide: firewatch approve CODE, or firewatch deny CODE");
  return exit.ok;
}

function row({ approval, action }: Pending, now: Date): string[] {
  const left = duration(approval.expiresAt.getTime() - now.getTime());
  const { risk, target, summary } = action.shown;
  return [approval.code, left, risk, targetText(target), summary];
}
