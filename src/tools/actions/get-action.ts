import * as z from "zod";
import type { Action } from "#domain/approvals/action.ts";
import { renderActionResult } from "#domain/approvals/render.ts";
import { actionResult, actionResultSchema } from "#domain/approvals/result.ts";
import { shift } from "#domain/window.ts";
import { OpsError } from "#errors.ts";
import type { Ports } from "#ports/index.ts";
import { defineQuery } from "#tools/define.ts";
import { intField, textField } from "#tools/fields.ts";
import type { Call } from "#tools/tool.ts";

const POLL_MS = 500;

export const getAction = defineQuery({
  name: "get_action",
  title: "Get an action",
  description:
    "State, verification and way back of an action; waits up to 45 s while it is carried out.",
  needs: ["actions", "clock"],
  input: z.strictObject({
    action_id: textField(64).describe("Id that the action answered with."),
    wait_seconds: intField(0, 45).default(0).describe("Wait so long for it to end."),
  }),
  output: actionResultSchema,
  async run({ action_id, wait_seconds }, ports, call) {
    const until = shift(ports.clock.now(), wait_seconds * 1000);
    return actionResult(await settled(action_id, until, ports, call));
  },
  render: renderActionResult,
});

async function settled(
  id: string,
  until: Date,
  { actions, clock }: Pick<Ports, "actions" | "clock">,
  call: Call,
): Promise<Action> {
  for (;;) {
    const action = await actions.get(id);
    if (!action) throw unknownAction(id);
    const moving = action.state === "applying" || action.state === "applied";
    if (!moving || clock.now() >= until || call.signal.aborted) return action;
    call.progress(`${action.shown.summary} (${action.state})`);
    // When the call's time is up, what is known by then is the answer.
    await clock.sleep(POLL_MS, call.signal).catch(() => {});
  }
}

/** The error for an id that no action has. */
export function unknownAction(id: string): OpsError {
  return new OpsError(
    "not_found",
    `No action has the id ${JSON.stringify(id)}.`,
    "Take action_id from the answer of the action itself.",
  );
}
