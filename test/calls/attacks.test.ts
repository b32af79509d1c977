import { Client } from "@modelcontextprotocol/client";
import { InMemoryTransport } from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import { expect, onTestFinished, test } from "vitest";
import { MINUTE } from "#domain/window.ts";
import { createMcpFactory } from "#mcp/server.ts";
import { appliedActions, approve } from "../support/approve.ts";
import { connect } from "../support/connect.ts";

const target = { release: "customer-etl", namespace: "data" };
const restart = { deployment: "customer-etl", namespace: "data" };

async function revisions({ call }: Awaited<ReturnType<typeof connect>>) {
  return (await call("helm_history", target)).value.revisions;
}

test("a code alone, before a person's yes, approves nothing", async () => {
  const server = await connect();
  const before = await revisions(server);
  const { code } = (await server.call("helm_rollback", target)).value;
  const again = await server.call("helm_rollback", { ...target, approval_code: code });
  expect(again.value).toMatchObject({ status: "approval_required", code });
  expect(await revisions(server)).toEqual(before);
});

test("an invented code is refused and audited", async () => {
  const server = await connect();
  const { text, failed } = await server.call("helm_rollback", {
    ...target,
    approval_code: "AAAA-AAAA",
  });
  expect(failed).toBe(true);
  expect(text).toMatch(/^approval_unknown/);
  const { audit } = await server.house.records();
  expect((await audit.read(0, 50)).map(({ event }) => event)).toContain("approval_attempt");
});

test("an approved code works once, whoever replays it", async () => {
  const server = await connect();
  const { code } = (await server.call("helm_rollback", target)).value;
  await approve(server, code);
  const done = await server.call("helm_rollback", { ...target, approval_code: code });
  expect(done.value.status).toBe("applied");
  const after = await revisions(server);
  const replay = await server.call("helm_rollback", { ...target, approval_code: code });
  expect(replay.value).toMatchObject({ status: "applied", action_id: done.value.action_id });
  expect(await revisions(server)).toEqual(after);
});

test("an approval does not serve other arguments, another tool or another caller", async () => {
  const server = await connect();
  const { code } = (await server.call("helm_rollback", target)).value;
  await approve(server, code);
  const other = await connect({ house: server.house, principal: "mallory" });
  const attempts = [
    server.call("helm_rollback", { ...target, revision: 4, approval_code: code }),
    server.call("kubectl_rollout_restart", { ...restart, approval_code: code }),
    other.call("helm_rollback", { ...target, approval_code: code }),
  ];
  for (const { text } of await Promise.all(attempts)) expect(text).toMatch(/^approval_mismatch/);
  expect(await appliedActions(server.house)).toEqual([]);
});

test("two calls racing for one approval carry the change out once", async () => {
  const server = await connect();
  const { code } = (await server.call("helm_rollback", target)).value;
  await approve(server, code);
  const count = async () => [await revisions(server)].flat().length;
  const before = await count();
  const args = { ...target, approval_code: code };
  await Promise.all([1, 2, 3].map(() => server.call("helm_rollback", args)));
  await server.calls.idle();
  expect(await count()).toBe(before + 1);
  expect(await appliedActions(server.house)).toHaveLength(1);
});

test("an approval expires after fifteen minutes", async () => {
  const server = await connect();
  const { code } = (await server.call("helm_rollback", target)).value;
  await approve(server, code);
  server.wallClock?.advance(15 * MINUTE);
  const late = await server.call("helm_rollback", { ...target, approval_code: code });
  expect(late.value.status).toBe("expired");
  expect(await appliedActions(server.house)).toEqual([]);
});

test("a target that changed between approval and apply voids the approval", async () => {
  const server = await connect();
  const { code } = (await server.call("helm_rollback", { ...target, revision: 5 })).value;
  await approve(server, code);
  const rival = (await server.call("helm_rollback", target)).value;
  await approve(server, rival.code);
  await server.call("helm_rollback", { ...target, approval_code: rival.code });
  await server.advance(10 * MINUTE);
  const stale = await server.call("helm_rollback", { ...target, revision: 5, approval_code: code });
  expect(stale.value.status).toBe("approval_required");
  expect(stale.value.code).not.toBe(code);
  expect(stale.text).toContain("the approval is void");
  expect(await appliedActions(server.house)).toHaveLength(1);
});

test("status that moves by the minute does not void an approval", async () => {
  const server = await connect();
  const { code } = (await server.call("helm_rollback", target)).value;
  await approve(server, code);
  await server.advance(3 * MINUTE);
  const done = await server.call("helm_rollback", { ...target, approval_code: code });
  expect(done.value.status).toBe("applied");
});

test("a pending approval survives a restart of the server", async () => {
  const first = await connect();
  const { code } = (await first.call("helm_rollback", target)).value;
  const second = await connect({ house: first.house });
  await approve(second, code);
  const done = await second.call("helm_rollback", { ...target, approval_code: code });
  expect(done.value.status).toBe("applied");
});

test("read-only mode neither lists nor performs actions", async () => {
  const server = await connect({ mode: "read-only" });
  const names = (await server.listTools()).map(({ name }) => name);
  expect(names).not.toContain("helm_rollback");
  expect(names).not.toContain("undo_action");
  const caller = { principal: "x", client: "x", transport: "memory", verified: false } as const;
  const outcome = await server.calls.perform("helm_rollback", target, caller);
  expect(outcome).toMatchObject({ kind: "refused", code: "not_allowed" });
});

test("a namespace outside the allow-list can neither be read nor changed", async () => {
  const server = await connect({ settings: { namespaces: ["web-*"] } });
  expect((await server.call("helm_rollback", target)).text).toMatch(/^not_allowed/);
  expect((await server.call("helm_history", target)).text).toMatch(/^not_allowed/);
  const pods = await server.call("kubectl_get", { resource_type: "pods", all_namespaces: true });
  expect(pods.text).not.toContain("customer-etl");
});

test("undo goes through the same gate", async () => {
  const server = await connect();
  const { code } = (await server.call("helm_rollback", target)).value;
  await approve(server, code);
  const done = await server.call("helm_rollback", { ...target, approval_code: code });
  const undo = { action_id: done.value.action_id };
  const waiting = await server.call("undo_action", undo);
  expect(waiting.value).toMatchObject({ status: "approval_required", tool: "helm_rollback" });
  await approve(server, waiting.value.code);
  const undone = await server.call("undo_action", { ...undo, approval_code: waiting.value.code });
  expect(undone.value.result).toBeDefined();
});

test("forged, tampered and borrowed request state never approves", async () => {
  const server = await connect({ answer: () => ({ action: "cancel" }) });
  await server.call("helm_rollback", target);
  const factory = createMcpFactory({
    calls: server.calls,
    version: "0",
    library: { instructions: "", prompts: [] },
    identity: { principal: "kim", transport: "memory", verified: false },
  });
  const [clientSide, serverSide] = InMemoryTransport.createLinkedPair();
  const served = serveStdio(factory, { transport: serverSide });
  const raw = new Client(
    { name: "raw", version: "0" },
    {
      capabilities: { elicitation: { form: {} } },
      versionNegotiation: { mode: { pin: "2026-07-28" } },
    },
  );
  await raw.connect(clientSide);
  onTestFinished(async () => {
    await raw.close();
    await served.close();
  });
  const send = (requestState: string) =>
    raw.request({
      method: "tools/call",
      params: {
        name: "helm_rollback",
        arguments: target,
        requestState,
        inputResponses: {
          approval: { action: "accept", content: { approve: true, target: "customer-etl" } },
        },
      },
    });
  await expect(send("v1.e30.AAAA")).rejects.toMatchObject({ code: -32602 });
  await expect(send("garbage")).rejects.toMatchObject({ code: -32602 });
  expect(await appliedActions(server.house)).toEqual([]);
  const { audit } = await server.house.records();
  const attempts = (await audit.read(0, 100)).filter(({ event }) => event === "approval_attempt");
  expect(attempts.map(({ outcome }) => outcome)).toEqual(
    expect.arrayContaining([expect.stringContaining("state refused")]),
  );
});
