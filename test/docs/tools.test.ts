import { expect, test } from "vitest";
import { catalogue, toolsets } from "#tools/index.ts";
import { connect } from "../support/connect.ts";
import { toolsPage } from "./tools-page.ts";

test("docs/tools.md says what the server lists", async () => {
  const { listTools } = await connect();
  const page = toolsPage(await listTools(), toolsets, catalogue);
  await expect(page).toMatchFileSnapshot("../../docs/tools.md");
});
