import { createHash } from "node:crypto";
import { request } from "node:http";
import { expect, test } from "vitest";
import { connected } from "./clients.ts";
import { newestRevision, rollback } from "./rollback.ts";
import { overHttp } from "./server.ts";
import { inTerminal } from "./terminal.ts";

const restart = { deployment: "customer-etl", namespace: "data" };

test("two sessions at the same time: each person is asked for their own change alone", async () => {
  const { url } = await overHttp();
  const [one, other] = await Promise.all([asked(url), asked(url)]);
  await Promise.all([
    one.client.call("helm_rollback", rollback),
    other.client.call("kubectl_rollout_restart", restart),
  ]);
  expect(one.questions).toEqual([expect.stringContaining("Roll release customer-etl back")]);
  expect(other.questions).toEqual([expect.stringContaining("Restart")]);
});

async function asked(url: string) {
  const questions: string[] = [];
  const answer = (message: string) => {
    questions.push(message);
    return { action: "decline" as const };
  };
  return { questions, client: await connected(["older", "http"], { url, answer }) };
}

const TOKENS = { ada: "ada-has-a-long-token", bob: "bob-has-another-token" };

test("callers are known by their tokens, and one cannot use what was approved for another", async () => {
  const named = Object.entries(TOKENS).map(([name, token]) => `${name}:${sha256(token)}`);
  const env = { FIREWATCH_HTTP_TOKENS: named.join(",") };
  const { url } = await overHttp({ env });
  expect((await post(url, "{}")).status).toBe(401);
  const ada = await connected(["pinned", "http"], { url, token: TOKENS.ada });
  const bob = await connected(["older", "http"], { url, token: TOKENS.bob });
  const { value } = await ada.call("helm_rollback", rollback);
  const command = String(value.approve_command);
  const typed = await inTerminal(command, "to approve", "customer-etl");
  expect(typed).toMatchObject({ code: 0, out: expect.stringContaining("asked for by ada") });
  const withCode = { ...rollback, approval_code: value.code };
  expect((await bob.call("helm_rollback", withCode)).failed).toBe(true);
  expect(await newestRevision(bob)).toBe(7);
  expect((await ada.call("helm_rollback", withCode)).value.status).toBe("applied");
  const stranger = connected(["pinned", "http"], { url, token: "guessed" });
  await expect(stranger).rejects.toThrow();
});

test("only this machine's names and pages get in, and only what can be a request", async () => {
  const { url } = await overHttp();
  expect(await statusFor(url, { host: "evil.example.com" })).toBe(403);
  expect(await statusFor(url, { origin: "https://evil.example.com" })).toBe(403);
  expect(await statusFor(url, { origin: "http://localhost:6274" })).not.toBe(403);
  expect((await post(url, "{ no JSON")).status).toBe(400);
  expect((await post(url, JSON.stringify({ text: "x".repeat(2 ** 20) }))).status).toBe(413);
});

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function post(url: string, body: string) {
  const headers = {
    "Content-Type": "application/json",
    Accept: "application/json, text/event-stream",
  };
  return fetch(url, { method: "POST", headers, body });
}

/** fetch does not let a Host be chosen. */
function statusFor(url: string, headers: Readonly<Record<string, string>>) {
  return new Promise<number | undefined>((resolve, reject) => {
    const sent = request(url, { method: "POST", headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    sent.on("error", reject).end("{}");
  });
}
