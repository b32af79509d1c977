import { once } from "node:events";
import { createServer } from "node:http";
import { expect, onTestFinished, test } from "vitest";
import * as z from "zod";
import { slackWebhook } from "#adapters/slack/webhook.ts";

const PATH = "/services/T0/B0/hush-hush";
const message = {
  text: "P1: etl",
  blocks: [{ type: "header", text: { type: "plain_text", text: "P1" } }],
};
const { signal } = new AbortController();
const address = z.object({ port: z.int() });

/** A Slack of our own that answers with the status and keeps what it was sent. */
async function slack(status: number) {
  const bodies: string[] = [];
  const server = createServer(async (request, response) => {
    const chunks = await request.toArray();
    bodies.push(Buffer.concat(chunks).toString());
    response.writeHead(status).end(status === 200 ? "ok" : "invalid_payload");
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    server.close();
  });
  const { port } = address.parse(server.address());
  return { bodies, url: `http://127.0.0.1:${port}${PATH}` };
}

const failure = (url: string, how = signal) =>
  slackWebhook(url)
    .post(message, how)
    .then(
      () => undefined,
      (error: unknown) => error,
    );

test("a message is posted as it is, without previews of links", async () => {
  const { bodies, url } = await slack(200);
  await slackWebhook(url).post(message, signal);
  expect(bodies.map((body) => JSON.parse(body))).toEqual([
    { ...message, unfurl_links: false, unfurl_media: false, link_names: false },
  ]);
});

test.each([
  [400, "backend_error"],
  [404, "access_denied"],
  [403, "access_denied"],
  [429, "throttled"],
  [500, "backend_error"],
])("the answer %i means %s, told once and without the URL", async (status, code) => {
  const { bodies, url } = await slack(status);
  const error = await failure(url);
  expect(error).toMatchObject({ code });
  expect(shown(error)).not.toContain("hush");
  expect(bodies).toHaveLength(1);
});

test("nobody there, and an address that is none, are unreachable", async () => {
  for (const url of [`http://127.0.0.1:1${PATH}`, `nonsense${PATH}`]) {
    const error = await failure(url);
    expect(error).toMatchObject({ code: "unreachable" });
    expect(shown(error)).not.toContain("hush");
  }
});

test("a caller who gave up is not waited for", async () => {
  const { url } = await slack(200);
  expect(await failure(url, AbortSignal.abort())).toMatchObject({ code: "cancelled" });
});

function shown(error: unknown): string {
  return error instanceof Error
    ? [error.message, error.stack, String(error.cause), JSON.stringify(error)].join(" ")
    : String(error);
}
