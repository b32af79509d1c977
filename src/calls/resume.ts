import type { Action } from "#domain/approvals/action.ts";
import { lease, start, type Work } from "./background.ts";
import { settle, verifyOnly } from "./carry.ts";
import type { Context } from "./context.ts";
import { bindOne } from "./places.ts";

/** Takes over actions whose process ended in the middle: finds out what happened, then verifies. */
export async function resume(context: Context): Promise<void> {
  const { house } = context;
  const { actions } = await house.records();
  const abandoned = await actions.claimAbandoned(house.wallClock.now(), lease(context));
  await Promise.all(abandoned.map((action) => takeOver(context, action)));
}

/** A place that is no longer configured leaves the tool without ports: it then says that nothing can be seen. */
async function takeOver(context: Context, action: Action): Promise<void> {
  const { catalogue } = await import("#tools/index.ts");
  const tool = catalogue.get(action.tool);
  if (tool?.kind !== "action" || context.running.has(action.id)) return;
  const ports = await bindOne(tool, action.place, context.house, context.settings).catch(
    () => ({}),
  );
  const work: Work = { action, tool, ports };
  start(context, work, action.state === "applied" ? verifyOnly : interrupted);
}

const interrupted: typeof verifyOnly = (context, work, call) =>
  settle(context, work, call, "Firewatch was stopped while the change was carried out.");
