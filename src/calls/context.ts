import type { AuditEntry } from "#domain/approvals/audit.ts";
import { toJsonObject } from "#domain/json.ts";
import { cleanText } from "#domain/text/redact.ts";
import type { House } from "#ports/index.ts";
import type { ListedTool } from "#tools/list.ts";
import type { Call, Caller } from "#tools/tool.ts";
import type { CallSettings } from "./settings.ts";

/** What every call of one server shares. */
export interface Context {
  readonly house: House;
  readonly settings: CallSettings;
  /** The tools that this server offers, in order. */
  readonly tools: readonly ListedTool[];
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
  const { audit: log } = await house.records();
  await log.append({
    ...entry,
    ...(entry.tool === undefined ? {} : { tool: cleanText(entry.tool) }),
    at: house.wallClock.now(),
    principal: cleanText(caller.principal),
    client: cleanText(caller.client),
    detail: toJsonObject(entry.detail ?? {}),
  });
}

/** After a person's late yes the target is read once more, however little of the call's time is left. */
const LAST_LOOK_MS = 5_000;

/** The call as a tool sees it. Its signal ends with the caller's wish or its time. */
export function makeCall(
  { house, settings }: Context,
  caller: Caller,
  { signal, progress = () => {}, budgetMs: left = Number.POSITIVE_INFINITY }: CallOptions,
): Call {
  const budgetMs = Math.min(settings.callSeconds * 1000, Math.max(LAST_LOOK_MS, left));
  const timer = AbortSignal.timeout(budgetMs);
  const end = house.wallClock.now().getTime() + budgetMs;
  return {
    signal: signal ? AbortSignal.any([signal, timer]) : timer,
    timeLeft: () => end - house.wallClock.now().getTime(),
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
