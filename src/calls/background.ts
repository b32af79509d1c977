import type { Action } from "#domain/approvals/action.ts";
import { MINUTE, SECOND, shift } from "#domain/window.ts";
import type { Lease } from "#ports/actions.ts";
import type { Ports } from "#ports/index.ts";
import type { ActionTool, Call } from "#tools/tool.ts";
import type { Context } from "./context.ts";

const LEASE_MS = MINUTE;
const RENEW_MS = 20 * SECOND;
/** No apply with its verification takes longer: Helm's wait and the check after it are five minutes each. */
const LIMIT_MS = 15 * MINUTE;

/** What carries an action on, in this process. */
export interface Work {
  readonly action: Action;
  readonly tool: ActionTool;
  readonly ports: Partial<Ports>;
  /** The approval that was used for it; absent when only its end is found out. */
  readonly approval?: string;
  /** Tells who waits how it goes. */
  readonly progress?: Call["progress"];
  readonly cancelled?: () => boolean;
}

/** A lease for this process, from now on. */
export function lease({ house, settings }: Context): Lease {
  return { holder: settings.holder, until: shift(house.wallClock.now(), LEASE_MS) };
}

/** Runs in the background, renewing the lease, until the action has ended. */
export function start(
  context: Context,
  work: Work,
  steps: (context: Context, work: Work, call: Call) => Promise<void>,
): void {
  const { id } = work.action;
  const { house, running, settings } = context;
  const renewal = setInterval(() => {
    house
      .records()
      .then(({ actions }) => actions.renew(id, lease(context)))
      .catch((error) => settings.log("warn", "lease not renewed", { id, error: String(error) }));
  }, RENEW_MS);
  renewal.unref();
  const ended = steps(context, work, backgroundCall(context, work))
    .catch((error) => settings.log("error", "action stopped", { id, error: String(error) }))
    .finally(() => {
      clearInterval(renewal);
      running.delete(id);
    });
  running.set(id, ended);
}

/** Outlives the call that began it. */
export function backgroundCall(
  { house, settings }: Context,
  { action, approval, progress = () => {}, cancelled = () => false }: Work,
): Call {
  const end = house.wallClock.now().getTime() + LIMIT_MS;
  return {
    signal: AbortSignal.timeout(LIMIT_MS),
    timeLeft: () => end - house.wallClock.now().getTime(),
    caller: {
      principal: action.principal,
      client: "firewatch",
      transport: "memory",
      verified: true,
    },
    mode: settings.mode,
    progress,
    cancelled,
    action: {
      id: action.id,
      ...(action.incidentId === undefined ? {} : { incident: action.incidentId }),
      ...(approval === undefined ? {} : { approval }),
    },
    ...(action.place === undefined ? {} : { place: action.place }),
  };
}
