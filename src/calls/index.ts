import type { House } from "#ports/index.ts";
import type { ToolList } from "#tools/list.ts";
import type { Caller } from "#tools/tool.ts";
import type { DialogAnswer } from "./approve.ts";
import { audit, type CallOptions, type Context } from "./context.ts";
import { offer } from "./offer.ts";
import type { Outcome } from "./outcome.ts";
import { createReads, type Reads } from "./read.ts";
import type { CallSettings } from "./settings.ts";

/** What protocols and the command line use: nothing reaches a tool but through `perform`. */
export interface Calls {
  readonly context: Context;
  /** Resources and completion. */
  readonly reads: Reads;
  perform(name: string, raw: unknown, caller: Caller, options?: CallOptions): Promise<Outcome>;
  /** A dialog's answer: `approved` when the call may go on with the code, or the outcome to show. */
  answerDialog(code: string, answer: DialogAnswer, caller: Caller): Promise<"approved" | Outcome>;
  /** 32 bytes that sign what travels through the client and back. */
  stateKey(): Promise<Uint8Array>;
  /** Records that someone came with a state that we never signed, or signed for somebody else. */
  reportForgery(caller: Caller, what: string): Promise<void>;
  /** Ends when no action is being carried out by this process. */
  idle(): Promise<void>;
}

/** One per server process. What a call goes through is loaded with the first one. */
export function createCalls(house: House, settings: CallSettings, list: ToolList): Calls {
  const tools = offer(list, house, settings);
  const context: Context = { house, settings, tools, running: new Map() };
  return {
    context,
    reads: createReads(context),
    async perform(name, raw, caller, options) {
      const { perform } = await import("./perform.ts");
      return perform(context, name, raw, caller, options);
    },
    async answerDialog(code, answer, caller) {
      const { answerDialog } = await import("./approve.ts");
      return answerDialog(context, code, answer, caller);
    },
    stateKey: async () => (await house.records()).keys.get("request-state"),
    reportForgery: (caller, what) =>
      audit(context, caller, { event: "approval_attempt", outcome: `state refused: ${what}` }),
    async idle() {
      while (context.running.size > 0) await Promise.allSettled(context.running.values());
    },
  };
}
