import type { AuditEntry } from "#domain/approvals/audit.ts";
import { toJsonObject } from "#domain/json.ts";
import type { House } from "#ports/index.ts";
import type { Call, Caller } from "#tools/tool.ts";
import type { CallSettings } from "./settings.ts";

/** What every call of one server shares. */
export interface Context {
  readonly house: House;
  readonly settings: CallSettings;
  /** Actions that this process is carrying out, by id; each promise ends with the action. */
  readonly running: Map<string, Promise<void>>;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
  readonly progress?: Call["progress"];
  /** What is left of the call's time, when a person has used some of it. Milliseconds. */
  readonly budgetMs?: number;
}

/** Adds a record to the audit log. The caller decides what a failure means. */
export async function audit(
  { house }: Context,
  caller: Pick<Caller, "principal" | "client">,
  entry: Omit<AuditEntry, "at" | "principal" | "client" | "detail"> & { readonly detail?: object },
): Promise<void> {
  const { principal, client } = caller;
  const { audit: log } = await house.records();
  await log.append({
    ...entry,
    at: house.wallClock.now(),
    principal,
    client,
    detail: toJsonObject(entry.detail ?? {}),
  });
}

/** The call as a tool sees it. Its signal ends with the caller's wish or its time. */
export function makeCall(
  { house, settings }: Context,
  caller: Caller,
  { signal, progress = () => {}, budgetMs = settings.callSeconds * 1000 }: CallOptions,
): Call {
  const timer = AbortSignal.timeout(Math.max(0, budgetMs));
  return {
    signal: signal ? AbortSignal.any([signal, timer]) : timer,
    deadline: new Date(house.wallClock.now().getTime() + budgetMs),
    caller,
    mode: settings.mode,
    ...(house.world.chat ? { chat: house.world.chat } : {}),
    progress,
  };
}

/** Resolves when the signal aborts. */
export function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
