import { createRequestStateCodec, type ServerContext } from "@modelcontextprotocol/server";
import type { Calls } from "#calls/index.ts";
import { APPROVAL_MINUTES } from "#domain/approvals/approval.ts";
import type { Caller } from "#tools/tool.ts";

/** What travels through the client and back between the rounds of one call: signed, not secret. */
export interface Sealed {
  readonly code: string;
}

/** Signs what a client is to bring back. */
export type Seal = (sealed: Sealed, ctx: ServerContext) => Promise<string>;

/** Signs and checks that state with the store's key, bound to method and principal. Failed checks are audited. */
export function stateSeal(
  calls: Calls,
  callerOf: (ctx: ServerContext) => Caller,
): { readonly seal: Seal; verify(state: string, ctx: ServerContext): Promise<Sealed> } {
  const make = async () =>
    createRequestStateCodec<Sealed>({
      key: await calls.stateKey(),
      ttlSeconds: APPROVAL_MINUTES * 60,
      bind: (ctx) => `${ctx.mcpReq.method}\0${callerOf(ctx).principal}`,
    });
  let codec: ReturnType<typeof make> | undefined;
  const open = () => {
    codec ??= make();
    return codec;
  };
  return {
    seal: async ({ code }, ctx) => (await open()).mint({ code }, ctx),
    async verify(state, ctx) {
      try {
        return await (await open()).verify(state, ctx);
      } catch (error) {
        await calls.reportForgery(callerOf(ctx), error instanceof Error ? error.message : "state");
        throw error;
      }
    },
  };
}
