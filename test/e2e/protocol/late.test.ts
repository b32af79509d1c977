import { expect, test, vi } from "vitest";
import { stateFolder } from "../../cli/run.ts";
import type { ElicitAnswer } from "../../support/connect.ts";
import { type Connected, connected } from "./clients.ts";
import { newestRevision, rollback, yes } from "./rollback.ts";
import { firewatch } from "./server.ts";

const transports = ["stdio", "http"] as const;

/** The yes is on its way: calls until it has been recorded and the change is made. */
async function appliesWith(client: Connected, code: unknown): Promise<void> {
  const next = () => client.call("helm_rollback", { ...rollback, approval_code: code });
  await vi.waitUntil(async () => (await next()).value.status === "applied", { timeout: 10_000 });
  expect(await newestRevision(client)).toBe(8);
}

test.each(transports)(
  "over %s: answered late, the yes counts for the next call",
  async (transport) => {
    const person = Promise.withResolvers<ElicitAnswer>();
    const answer = () => person.promise;
    const client = await connected(["older", transport], { answer, args: ["--call-seconds", "2"] });
    const { value } = await client.call("helm_rollback", rollback);
    expect(value.status).toBe("approval_required");
    person.resolve(yes);
    await appliesWith(client, value.code);
  },
);

test.each(transports)(
  "over %s: the client gave up first, the yes counts all the same",
  async (transport) => {
    const person = Promise.withResolvers<ElicitAnswer>();
    const giveUp = new AbortController();
    const answer = () => {
      giveUp.abort();
      return person.promise;
    };
    const folder = stateFolder();
    const client = await connected(["older", transport], { answer, folder });
    const call = client.call("helm_rollback", rollback, { signal: giveUp.signal });
    await expect(call).rejects.toThrow();
    expect(await newestRevision(client)).toBe(7);
    const waiting = await firewatch("approvals", "--state-dir", folder);
    const [code] = /[0-9A-Z]{4}-[0-9A-Z]{4}/.exec(waiting) ?? [];
    person.resolve(yes);
    await appliesWith(client, code);
  },
);
