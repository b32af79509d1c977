import { createServer } from "node:http";
import { expect, onTestFinished, test } from "vitest";
import { bothEras, connected } from "./clients.ts";
import { rollback, yes } from "./rollback.ts";

test.each(bothEras)("%s over %s: who asks for progress gets it", async (...kind) => {
  const client = await connected(kind, { answer: () => yes });
  const heard: (string | undefined)[] = [];
  const onprogress = ({ message }: { readonly message?: string | undefined }) => {
    heard.push(message);
  };
  const { value } = await client.call("helm_rollback", rollback, { onprogress });
  expect(value.status).toBe("applied");
  expect(heard).toContain("All is well; waiting to see that it lasts.");
});

test.each(bothEras)(
  "%s over %s: a call that is given up ends its request to AWS",
  async (...kind) => {
    const aws = await silentEndpoint();
    const client = await connected(kind, { env: aws.env });
    const giveUp = new AbortController();
    const call = client.call("list_active_alarms", {}, { signal: giveUp.signal });
    const rejected = expect(call).rejects.toThrow();
    await aws.arrived;
    giveUp.abort();
    await rejected;
    await aws.dropped;
  },
);

/** An endpoint that takes requests and answers none. */
async function silentEndpoint() {
  const arrived = Promise.withResolvers<void>();
  const dropped = Promise.withResolvers<void>();
  const server = createServer((_request, response) => {
    response.once("close", dropped.resolve);
    arrived.resolve();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  const env = {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
    AWS_REGION: "eu-west-1",
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
  };
  return { env, arrived: arrived.promise, dropped: dropped.promise };
}
