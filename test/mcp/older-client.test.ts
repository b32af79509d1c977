import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { InMemoryTransport } from "@modelcontextprotocol/sdk/inMemory.js";
import { ElicitRequestSchema, type ElicitResult } from "@modelcontextprotocol/sdk/types.js";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import { expect, onTestFinished, test, vi } from "vitest";
import { factoryFor, openHouse } from "../support/connect.ts";

const target = { release: "customer-etl", namespace: "data" };
const yes: ElicitResult = {
  action: "accept",
  content: { approve: true, target: "customer-etl" },
};

/** A client of SDK 1.x on the server; without `answer` its host cannot ask. */
async function olderClient(options: {
  readonly answer?: (message: string) => Promise<ElicitResult>;
  readonly callSeconds?: number;
}) {
  const { house, wallClock } = await openHouse();
  const { calls, factory } = await factoryFor(house, {
    settings: { callSeconds: options.callSeconds ?? 45 },
  });
  const [clientSide, serverSide] = InMemoryTransport.createLinkedPair();
  const server = serveStdio(factory, { transport: serverSide });
  const { answer } = options;
  const client = new Client(
    { name: "older", version: "0" },
    { capabilities: answer ? { elicitation: {} } : {} },
  );
  if (answer) {
    client.setRequestHandler(ElicitRequestSchema, ({ params }) => answer(params.message));
  }
  await client.connect(clientSide);
  onTestFinished(async () => {
    await calls.idle();
    await client.close();
    await server.close();
  });
  const call = async (args: object, timeout = 60_000) => {
    const params = { name: "helm_rollback", arguments: { ...target, ...args } };
    const result = await client.callTool(params, undefined, { timeout });
    return Object(result.structuredContent);
  };
  return { client, call, calls, house, wallClock };
}

test("lists and calls tools, and reads what it was given", async () => {
  const { client } = await olderClient({});
  const { tools } = await client.listTools();
  expect(tools.map(({ name }) => name)).toContain("helm_rollback");
  const result = await client.callTool({ name: "list_active_alarms", arguments: {} });
  expect(JSON.stringify(result.content)).toContain("customer-etl-failure-rate");
});

test("answered in time: carried out in the same call", async () => {
  const { call } = await olderClient({ answer: async () => yes });
  expect(await call({})).toMatchObject({ status: "applied" });
});

test("answered late: the call gives the code, the yes is recorded, the next call carries it out", async () => {
  const person = Promise.withResolvers<ElicitResult>();
  const { call, house } = await olderClient({ answer: () => person.promise, callSeconds: 0.3 });
  const waiting = await call({});
  expect(waiting).toMatchObject({ status: "approval_required" });
  person.resolve(yes);
  const { approvals } = await house.records();
  await vi.waitUntil(async () => (await approvals.byCode(waiting.code))?.state === "approved");
  const done = await call({ approval_code: waiting.code });
  expect(["applied", "running"]).toContain(done.status);
});

test("the client gives up first: the approval is neither lost nor spent", async () => {
  const person = Promise.withResolvers<ElicitResult>();
  const { call, house, calls } = await olderClient({ answer: () => person.promise });
  await expect(call({}, 200)).rejects.toMatchObject({ code: -32001 });
  const { approvals } = await house.records();
  const [waiting] = await approvals.waiting(house.wallClock.now());
  expect(waiting?.state).toBe("pending");
  person.resolve(yes);
  await vi.waitUntil(
    async () => (await approvals.byCode(waiting?.code ?? ""))?.state === "approved",
  );
  await calls.idle();
  const { actions } = await house.records();
  const changed = (await actions.list(10)).filter(({ appliedAt }) => appliedAt !== undefined);
  expect(changed).toEqual([]);
  expect(await call({ approval_code: waiting?.code })).toMatchObject({ status: "applied" });
});
