import type { ElicitAnswer } from "../../support/connect.ts";
import type { Connected } from "./clients.ts";

/** Of the release that broke the scenario: high risk, so that its target has to be typed. */
export const rollback = { release: "customer-etl", namespace: "data" };
export const yes: ElicitAnswer = {
  action: "accept",
  content: { approve: true, target: "customer-etl" },
};

/** Every answer but a whole yes. */
export const refusals: Readonly<Record<string, ElicitAnswer>> = {
  declined: { action: "decline" },
  cancelled: { action: "cancel" },
  "accepted without content": { action: "accept" },
  "accepted without approval": { action: "accept", content: { target: "customer-etl" } },
  "accepted with approval false": {
    action: "accept",
    content: { approve: false, target: "customer-etl" },
  },
  "accepted without the target": { action: "accept", content: { approve: true } },
  "accepted with another target": {
    action: "accept",
    content: { approve: true, target: "customer" },
  },
};

export async function newestRevision(client: Connected): Promise<unknown> {
  const { value } = await client.call("helm_history", rollback);
  return Object(value.revisions)[0]?.revision;
}
