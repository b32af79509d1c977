import { expect } from "vitest";
import { atTerminal } from "../../cli/run.ts";
import type { Answer, Session } from "./server.ts";

/** Approves the action as a person does at a terminal, where high risk wants the target's name typed. */
export async function approveAtTerminal(stateDir: string, code: unknown, word: string) {
  const args = ["approve", String(code), "--state-dir", stateDir];
  const cue = word === "yes" ? "Type yes or no" : "to approve, or no";
  const { code: exitCode, out } = await atTerminal(args, [[cue, word]]);
  expect(exitCode, out).toBe(0);
}

/** Its answer when an action is neither being applied nor verified any more. */
export async function ended(
  { call }: Pick<Session, "call">,
  actionId: unknown,
  waitSeconds = 45,
): Promise<Answer> {
  for (;;) {
    const answer = await call("get_action", { action_id: actionId, wait_seconds: waitSeconds });
    if (answer.value.status !== "running") return answer;
  }
}
