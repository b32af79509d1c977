import { expect, test } from "vitest";
import type { Outcome } from "#calls/outcome.ts";
import { promptLibrary } from "#listed.ts";
import { scenarioNames } from "#sandbox/index.ts";
import type { Caller } from "#tools/tool.ts";
import { seededBytes } from "./support/bytes.ts";
import { callsOver, openHouse } from "./support/connect.ts";
import { liveNames } from "./support/live-names.ts";
import {
  factCalls,
  type NaturalCall,
  naturalChanges,
  naturalReads,
} from "./support/natural-calls.ts";
import { print } from "./support/print.ts";
import { tokens } from "./support/tokens.ts";

const MAX_TOKENS = 2_000;
const LATER = 40 * 60_000;
const caller: Caller = { principal: "kim", client: "test", transport: "memory", verified: false };

interface Answered extends NaturalCall {
  readonly outcome: Outcome;
}

/** Text and structure in tokens: the largest answers of each tool. */
function largest(answered: readonly Answered[]) {
  return [...Map.groupBy(answered, ({ tool }) => tool)].map(([tool, each]) => ({
    tool,
    answers: each.length,
    text: Math.max(...each.map(({ outcome }) => tokens(outcome.text))),
    structure: Math.max(...each.map(({ outcome }) => structureTokens(outcome))),
  }));
}

function structureTokens(outcome: Outcome): number {
  return outcome.kind === "refused" ? 0 : tokens(outcome.structured);
}

async function answers(scenario: string, mode: "live" | "dry-run") {
  const { house } = await openHouse({ scenario });
  const calls = callsOver(house, { mode, settings: { randomBytes: seededBytes() } });
  const slugs = (await house.runbooks.list()).map(({ slug }) => slug);
  const answered: Answered[] = [];
  const all = async (each: readonly NaturalCall[]) => {
    for (const { tool, args } of each) {
      answered.push({ tool, args, outcome: await calls.perform(tool, args, caller) });
    }
  };
  const round = async () => {
    const names = await liveNames(house.world);
    if (mode === "live")
      await all([...naturalReads(names, slugs), ...factCalls(promptLibrary.prompts, names)]);
    await all(naturalChanges(names));
  };
  await round();
  await house.world.clock.sleep(LATER, new AbortController().signal);
  await round();
  const { actions } = await house.records();
  const ids = (await actions.list(20)).map(({ id }) => ({ action_id: id }));
  await all(ids.map((args) => ({ tool: "get_action", args })));
  await all([{ tool: "post_incident_report", args: { summary: "Failures since 14:02, 78 %." } }]);
  return answered;
}

test.each(scenarioNames)("no default answer in %s is long", { timeout: 120_000 }, async (name) => {
  const answered = [...(await answers(name, "live")), ...(await answers(name, "dry-run"))];
  const figures = largest(answered);
  print(figures);
  for (const { tool, text, structure } of figures) {
    expect(text, `${tool}, text`).toBeLessThanOrEqual(MAX_TOKENS);
    expect(structure, `${tool}, structure`).toBeLessThanOrEqual(MAX_TOKENS);
  }
  const faults = answered.filter(
    ({ outcome }) => outcome.kind === "refused" && outcome.code === "internal",
  );
  expect(faults).toEqual([]);
});
