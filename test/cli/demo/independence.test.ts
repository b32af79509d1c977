import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import * as z from "zod";
import { scenarioNames } from "#sandbox/index.ts";
import { connect } from "../../support/connect.ts";

const FOLDER = "src/cli/demo";
const alarms = z.object({ alarms: z.array(z.object({ name: z.string() })) });
const deployments = z.object({
  rows: z.array(z.object({ name: z.string(), namespace: z.string() })),
});

/** Alarms, workloads and namespaces of a scenario, as its own tools name them. */
async function namesIn(scenario: string): Promise<readonly string[]> {
  const { call } = await connect({ scenario });
  const states = ["ALARM", "INSUFFICIENT_DATA", "OK"];
  const fired = alarms.parse((await call("list_active_alarms", { states, limit: 100 })).value);
  const all = { resource_type: "deployments", all_namespaces: true };
  const { rows } = deployments.parse((await call("kubectl_get", all)).value);
  return [
    scenario,
    ...fired.alarms.map(({ name }) => name),
    ...rows.flatMap(({ name, namespace }) => [name, `"${namespace}"`, `${namespace}/`]),
  ];
}

it("knows no scenario's names", async () => {
  const source = readdirSync(FOLDER)
    .map((file) => readFileSync(join(FOLDER, file), "utf8"))
    .join("\n");
  const names = (await Promise.all(scenarioNames.map(namesIn))).flat();
  expect(names.length).toBeGreaterThan(20);
  expect(names.filter((name) => source.includes(name))).toEqual([]);
});
