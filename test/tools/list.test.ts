import { expect, test } from "vitest";
import * as z from "zod";
import { promptLibrary, toolList } from "#listed.ts";
import { listTools } from "#tools/list.ts";
import { getMetricStatistics } from "#tools/metrics/get-metric-statistics.ts";
import { connect } from "../support/connect.ts";

test("a value of several types is listed as branches of one type each", () => {
  const input = z.object({ value: z.union([z.string(), z.null()]).describe("Any.") });
  const { forActions } = listTools([], [{ ...getMetricStatistics, input }]);
  expect(forActions[0]?.inputSchema).toMatchObject({
    type: "object",
    properties: { value: { anyOf: [{ type: "string" }, { type: "null" }], description: "Any." } },
  });
});

test.each(["modern", "legacy"] as const)(
  "no listed schema has a list of types (%s)",
  async (era) => {
    const { listTools } = await connect({ era });
    expect(JSON.stringify(await listTools())).not.toContain('"type":[');
  },
);

test("what lists show is plain data, as a build writes it down", () => {
  const listed = { promptLibrary, toolList };
  expect(JSON.parse(JSON.stringify(listed))).toEqual(listed);
});
