import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "@modelcontextprotocol/client";
import { InMemoryTransport } from "@modelcontextprotocol/server";
import { serveStdio } from "@modelcontextprotocol/server/stdio";
import { onTestFinished } from "vitest";
import * as z from "zod";
import { policyFile } from "#adapters/files/policy.ts";
import { runbookFolder } from "#adapters/files/runbooks.ts";
import { createCalls } from "#calls/index.ts";
import type { CallSettings } from "#calls/settings.ts";
import { promptLibrary, toolList } from "#listed.ts";
import { createMcpFactory } from "#mcp/server.ts";
import type { House, World } from "#ports/index.ts";
import { createSandbox, type Overrides } from "#sandbox/index.ts";
import { openStore, type Store } from "#store/index.ts";

/** Start of every simulated incident in tests. */
export const START = new Date("2026-04-25T14:22:33Z");

export interface ElicitAnswer {
  readonly action: "accept" | "decline" | "cancel";
  readonly content?: Record<string, string | number | boolean | string[]>;
}

export interface ConnectOptions {
  readonly scenario?: string;
  readonly seed?: number;
  readonly overrides?: Overrides;
  readonly mode?: CallSettings["mode"];
  readonly settings?: Partial<CallSettings>;
  readonly era?: "modern" | "legacy";
  /** What the person answers in the host's dialog. Without it the host cannot ask. */
  readonly answer?: (message: string) => ElicitAnswer | Promise<ElicitAnswer>;
  /** YAML of the policy file. */
  readonly policy?: string;
  /** A house that is in use, for a second server or client on it. */
  readonly house?: House;
  /** Changes the world before it is used, as a fault or a rival would. */
  readonly world?: (world: World) => World;
  readonly principal?: string;
}

const reply = z.object({
  content: z.tuple([z.object({ type: z.literal("text"), text: z.string() })]),
  structuredContent: z.record(z.string(), z.unknown()).default({}),
  isError: z.boolean().default(false),
});

/** A wall clock that stands still until it is moved. */
export function stoppedClock(at = START) {
  let now = at;
  return {
    now: () => now,
    advance(milliseconds: number) {
      now = new Date(now.getTime() + milliseconds);
    },
  };
}

/** A house over a scenario, with its records in memory. */
export async function openHouse(options: ConnectOptions = {}) {
  const store = await openStore({ path: ":memory:" });
  onTestFinished(() => store.close());
  return { store, ...(await houseOver(store, options)) };
}

async function houseOver(store: Store, options: ConnectOptions) {
  const wallClock = stoppedClock();
  const { scenario = "customer-etl", seed = 1, overrides = {} } = options;
  const sandbox = await createSandbox({
    scenario,
    seed,
    overrides,
    journal: store.journal,
    wallClock,
  });
  const house: House = {
    world: options.world?.(sandbox) ?? sandbox,
    records: async () => store,
    runbooks: runbookFolder("runbooks"),
    policy: policyOf(options.policy),
    wallClock,
  };
  return { house, wallClock };
}

function policyOf(yaml: string | undefined) {
  if (yaml === undefined) return policyFile(undefined, false);
  const folder = mkdtempSync(join(tmpdir(), "firewatch-policy-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, "policy.yaml");
  writeFileSync(path, yaml);
  return policyFile(path, true);
}

export function testSettings(options: ConnectOptions = {}): CallSettings {
  return {
    mode: options.mode ?? "live",
    toolsets: toolList.toolsets.map(({ name }) => name),
    namespaces: ["*"],
    logGroups: ["*"],
    callSeconds: 45,
    approveCommand: (code) => `firewatch approve ${code}`,
    holder: "test",
    randomBytes: countingBytes(),
    log: (level, message, fields) => {
      if (level === "error") process.stderr.write(`${message} ${JSON.stringify(fields)}\n`);
    },
    ...options.settings,
  };
}

/** Ids and codes in order, so that texts can be compared whole. A second server on a house begins elsewhere. */
export function countingBytes(after = 0) {
  let calls = after;
  return (length: number) => {
    calls += 1;
    return new Uint8Array(length).fill(0).with(length - 1, calls);
  };
}

/** The path of every call over a house, with every toolset. */
export function callsOver(house: House, options: ConnectOptions = {}) {
  return createCalls(house, testSettings(options), toolList);
}

/** The server's factory over a house, with the calls that it serves. */
export async function factoryFor(house: House, options: ConnectOptions = {}) {
  const calls = callsOver(house, options);
  const factory = createMcpFactory({
    calls,
    version: "0.0.0",
    library: promptLibrary,
    identity: { principal: options.principal ?? "kim", transport: "memory", verified: false },
  });
  return { calls, factory };
}

/** A real client on the real server, in memory, over a simulated incident. */
export async function connect(options: ConnectOptions = {}) {
  const opened = options.house ? undefined : await openHouse(options);
  const house = options.house ?? opened?.house;
  if (!house) throw new Error("no house");
  const { calls, factory } = await factoryFor(house, options);
  const client = clientFor(options);
  const [clientSide, serverSide] = InMemoryTransport.createLinkedPair();
  const server = serveStdio(factory, { transport: serverSide });
  await client.connect(clientSide);
  onTestFinished(async () => {
    await calls.idle();
    await client.close();
    await server.close();
  });
  return {
    client,
    calls,
    house,
    wallClock: opened?.wallClock,
    listTools: async () => (await client.listTools()).tools,
    /** Moves the world's time. */
    advance: (milliseconds: number) =>
      house.world.clock.sleep(milliseconds, new AbortController().signal),
    call: (name: string, args: Record<string, unknown> = {}) => callTool(client, name, args),
  };
}

function clientFor({ era = "modern", answer }: ConnectOptions): Client {
  const client = new Client(
    { name: "test", version: "0" },
    {
      capabilities: answer ? { elicitation: { form: {} } } : {},
      versionNegotiation: { mode: era === "modern" ? { pin: "2026-07-28" } : "legacy" },
    },
  );
  if (answer) {
    client.setRequestHandler("elicitation/create", async ({ params }) => ({
      ...(await answer(params.message)),
    }));
  }
  return client;
}

/** The text the model reads, with the structured value and the error flag beside it. */
async function callTool(client: Client, name: string, args: Record<string, unknown>) {
  const result = reply.parse(await client.callTool({ name, arguments: args }));
  return {
    text: result.content[0].text,
    value: result.structuredContent,
    failed: result.isError,
  };
}
