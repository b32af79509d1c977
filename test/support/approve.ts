import { decide } from "#calls/approve.ts";
import type { connect } from "./connect.ts";

type Connected = Awaited<ReturnType<typeof connect>>;

/** A person's yes in a terminal. */
export function approve(server: Pick<Connected, "calls">, code: unknown) {
  const answer = { approve: true, by: "lee", channel: "terminal" } as const;
  return decide(server.calls.context, String(code), answer);
}

/** Actions whose change has reached the world. */
export async function appliedActions(house: Connected["house"]) {
  const { actions } = await house.records();
  return (await actions.list(50)).filter(({ appliedAt }) => appliedAt !== undefined);
}
