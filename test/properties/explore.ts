import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { Calls } from "#calls/index.ts";
import { takePlace } from "#calls/places.ts";
import { OpsError } from "#errors.ts";
import type { House, PortName } from "#ports/index.ts";
import { catalogue } from "#tools/index.ts";
import type { Caller, Mode, Tool } from "#tools/tool.ts";
import { seededBytes } from "../support/bytes.ts";
import { callsOver, openHouse } from "../support/connect.ts";
import { liveNames } from "../support/live-names.ts";
import { type NaturalCall, naturalChanges, naturalReads } from "../support/natural-calls.ts";
import { print } from "../support/print.ts";
import { type Asked, argumentSets } from "./arguments.ts";
import { counted, type Reached } from "./counted.ts";
import { expectMeant } from "./expect-meant.ts";

/** At least so many of the sets pass the schema and reach a port. */
const LEAST_SHARE = 0.5;
const SEED = 7;

const caller: Caller = { principal: "kim", client: "test", transport: "memory", verified: false };

const TIMEOUT = 300_000;

/** A test for each mode in which actions are planned. */
export function exploreBothModes(scenario: string, sets: number): void {
  test.each(["live", "dry-run"] as const)(
    `any arguments in ${scenario}, %s: what was meant, and no change`,
    { timeout: TIMEOUT },
    (mode) => explore(scenario, mode, sets),
  );
}

/**
 * Performs calls with so many sets of arguments over a scenario. None may end in a way that was not meant, and none
 * may change the world: nobody approves anything.
 */
async function explore(scenario: string, mode: Mode, sets: number): Promise<void> {
  const { store, house: opened } = await openHouse({ scenario });
  const { house, reached } = await counted(opened);
  const logged: string[] = [];
  const log = (level: string, message: string) => {
    if (level === "error") logged.push(message);
  };
  const calls = callsOver(house, { mode, settings: { randomBytes: seededBytes(), log } });
  const natural = await naturalCalls(calls, house);
  let through = 0;
  await fc.assert(
    fc.asyncProperty(argumentSets(calls.context.tools, natural), async (asked) => {
      const before = { ...reached };
      expectMeant(await calls.perform(asked.tool, asked.args, caller), asked);
      const tool = catalogue.get(asked.tool);
      if (tool && accepts(tool, asked, house) && reaches(tool, before, reached)) through += 1;
    }),
    { numRuns: sets, seed: SEED },
  );
  const share = through / sets;
  print(`${scenario}, ${mode}: ${sets} sets, ${Math.round(share * 100)} % reached a port`);
  expect(share).toBeGreaterThanOrEqual(LEAST_SHARE);
  expect(logged).toEqual([]);
  const effects = await store.journal.since(0);
  expect(effects.filter(({ effect }) => effect.type !== "advance")).toEqual([]);
}

/** What a careful caller asks: reads and changes of everything there is, and what those answered with. */
async function naturalCalls(calls: Calls, house: House): Promise<readonly NaturalCall[]> {
  const names = await liveNames(house.world);
  const runbooks = await house.runbooks.list();
  const changes = naturalChanges(names);
  const withCodes: NaturalCall[] = [];
  for (const { tool, args } of changes) {
    const outcome = await calls.perform(tool, args, caller);
    if (outcome.kind === "refused") continue;
    const { action_id, code } = outcome.structured;
    withCodes.push({ tool: "get_action", args: { action_id } });
    withCodes.push({ tool: "undo_action", args: { action_id } });
    if (code !== undefined) withCodes.push({ tool, args: { ...args, approval_code: code } });
  }
  return [
    ...naturalReads(
      names,
      runbooks.map(({ slug }) => slug),
    ),
    ...changes,
    ...withCodes,
    { tool: "post_incident_report", args: { summary: "78 % of runs failed since 14:02." } },
  ];
}

function accepts(tool: Tool, { args }: Asked, house: House): boolean {
  try {
    tool.accept(takePlace(tool, args, house).raw);
    return true;
  } catch (error) {
    if (error instanceof OpsError) return false;
    throw error;
  }
}

const RECORDS: ReadonlySet<PortName> = new Set(["actions", "reports", "clock"]);

function reaches({ needs }: Tool, before: Reached, after: Reached): boolean {
  return needs.every((need) => RECORDS.has(need))
    ? after.records > before.records
    : after.world > before.world;
}
