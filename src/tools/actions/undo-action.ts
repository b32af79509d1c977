import * as z from "zod";
import { changedStates } from "#domain/approvals/action.ts";
import { OpsError } from "#errors.ts";
import { accept } from "#tools/define.ts";
import { actionFields, actionFieldsSchema, textField } from "#tools/fields.ts";
import type { RedirectTool } from "#tools/tool.ts";
import { unknownAction } from "./get-action.ts";

const input = z.strictObject({
  action_id: textField(64).describe("Action to take back."),
  ...actionFields,
});

/** Becomes the call that the action's record names as its way back, with that tool's risk and gate. */
export const undoAction: RedirectTool = {
  kind: "redirect",
  name: "undo_action",
  title: "Undo an action",
  description:
    "Takes back a change that Firewatch made: planned, shown and approved like any change.",
  needs: ["actions"],
  place: "none",
  input,
  accept(raw) {
    const { reason, incident_id, approval_code, ...args } = accept(input, raw);
    return { args, common: actionFieldsSchema.parse({ reason, incident_id, approval_code }) };
  },
  async resolve({ action_id }, { actions }) {
    const id = String(action_id);
    const action = await actions?.get(id);
    if (!action) throw unknownAction(id);
    if (!changedStates.includes(action.state)) {
      throw new OpsError(
        "no_change",
        `Action ${id} changed nothing (${action.state}), so there is nothing to take back.`,
        "Look at it with get_action.",
      );
    }
    if (!action.undo) {
      throw new OpsError(
        "refused",
        `Action ${id} has no way back: ${action.tool} cannot be undone.`,
        "See how the target is now, and choose another remedy.",
      );
    }
    const { place } = action;
    return { ...action.undo, ...(place === undefined ? {} : { place }) };
  },
};
