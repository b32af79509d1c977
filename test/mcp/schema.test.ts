import { expect, test } from "vitest";
import * as z from "zod";
import { passThrough } from "#mcp/schema.ts";
import { connect } from "../support/connect.ts";

test("a value of several types is listed as branches of one type each", () => {
  const listed = passThrough(z.object({ value: z.union([z.string(), z.null()]).describe("Any.") }));
  expect(listed["~standard"].jsonSchema.input({ target: "draft-2020-12" })).toMatchObject({
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
