import { once } from "node:events";
import { createServer } from "node:http";
import { expect, onTestFinished, test } from "vitest";
import * as z from "zod";
import { checkSlack } from "#adapters/slack/check.ts";

const { signal } = new AbortController();
const port = z.object({ port: z.number() });

/** Answers every message with one status, as Slack does for an empty one. */
async function webhook(status: number): Promise<string> {
  const server = createServer((_request, response) => response.writeHead(status).end());
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${port.parse(server.address()).port}/services/x`;
}

test.each([
  [400, "ok"],
  [404, "failed"],
  [403, "failed"],
  [410, "failed"],
])("Slack's %i to an empty message: %s", async (status, expected) => {
  expect(await checkSlack(await webhook(status), signal)).toMatchObject([{ status: expected }]);
});

test("an address that nobody answers at fails without being shown", async () => {
  const checks = await checkSlack("http://127.0.0.1:1/services/secret", signal);
  expect(checks).toMatchObject([{ status: "failed", detail: "Slack cannot be reached." }]);
  expect(JSON.stringify(checks)).not.toContain("secret");
});

test("without a webhook, reports are saved", async () => {
  expect(await checkSlack(undefined, signal)).toMatchObject([{ status: "not configured" }]);
});
