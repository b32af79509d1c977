import { expect, test } from "vitest";
import { stateFolder } from "../../cli/run.ts";
import { bothEras, connected } from "./clients.ts";
import { newestRevision, rollback, yes } from "./rollback.ts";
import { overHttp } from "./server.ts";
import { inTerminal } from "./terminal.ts";
import { post } from "./wire.ts";

test.each(bothEras)(
  "%s over %s: approved in a terminal while no server runs, carried out by the next",
  async (generation, transport) => {
    const folder = stateFolder();
    const before = await served();
    const asked = await before.client.call("helm_rollback", rollback);
    await before.stop();
    const command = String(asked.value.approve_command);
    const typed = await inTerminal(command, "to approve", "customer-etl");
    expect(typed.out).toContain("v2.3.1 → v2.3.0");
    expect(typed.code).toBe(0);
    const { client } = await served();
    const args = { ...rollback, approval_code: asked.value.code };
    expect((await client.call("helm_rollback", args)).value.status).toBe("applied");
    await client.call("helm_rollback", args);
    expect(await newestRevision(client)).toBe(8);

    async function served() {
      const server = transport === "http" ? await overHttp({ folder }) : undefined;
      const host = server ? { url: server.url } : { folder };
      const client = await connected([generation, transport], host);
      const stop = async () => {
        await client.close();
        await server?.stop();
      };
      return { client, stop };
    }
  },
);

test("a dialog that was asked before a restart may be answered after it, and only to that store", async () => {
  const folder = stateFolder();
  const first = await overHttp({ folder });
  const call = { name: "helm_rollback", arguments: rollback };
  const asked = await post(first.url, "tools/call", call);
  expect(asked.result.resultType).toBe("input_required");
  await first.stop();
  const answer = { inputResponses: { approval: yes }, requestState: asked.result.requestState };
  const stranger = await overHttp();
  const elsewhere = await post(stranger.url, "tools/call", { ...call, ...answer });
  expect(elsewhere.error?.code).toBe(-32602);
  const second = await overHttp({ folder });
  const done = await post(second.url, "tools/call", { ...call, ...answer });
  expect(Object(done.result.structuredContent).status).toBe("applied");
});
