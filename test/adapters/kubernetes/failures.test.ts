import { expect, test } from "vitest";
import { answerError, transportError } from "#adapters/kubernetes/failures.ts";

const patch = { cluster: "test", verb: "patch", group: "apps", resource: "deployments" };
const unknown = expect.stringContaining("not known whether the change was made");
const late = AbortSignal.abort(new DOMException("late", "TimeoutError"));
const cut = Object.assign(new Error("cut"), { code: "ECONNRESET" });
const never = new AbortController().signal;

test.each([
  ["no answer in time", undefined, late],
  ["a cut connection", cut, never],
])("%s leaves it unknown whether a change was made, and never of a dry run", (_, error, signal) => {
  expect(transportError(error, patch, signal)).toMatchObject({ hint: unknown });
  const dryRun = { ...patch, query: { dryRun: "All" } };
  expect(transportError(error, dryRun, signal)).not.toMatchObject({ hint: unknown });
});

test("a list that is continued too late says to begin anew", () => {
  const body = { kind: "Status", message: "The provided continue parameter is too old" };
  const answer = { status: 410, body, retryAfterSeconds: undefined };
  const list = { cluster: "test", verb: "list", group: "", resource: "pods" };
  expect(answerError(answer, list)).toMatchObject({
    code: "invalid_input",
    hint: expect.stringContaining("without continue"),
  });
});
