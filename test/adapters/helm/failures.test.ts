import { describe, expect, it } from "vitest";
import { helmError, noRelease } from "#adapters/helm/failures.ts";

const failed = (stderr: string) => helmError({ exitCode: 1, timedOut: false, stdout: "", stderr });

describe("what Helm says, by what it means", () => {
  it.each([
    [
      "Error: UPGRADE FAILED: another operation (install/upgrade/rollback) is in progress",
      "conflict",
    ],
    [
      "Error: conflict occurred while applying object data/x: Apply failed with 1 conflict",
      "conflict",
    ],
    ["Error: release web failed: context deadline exceeded", "timed_out"],
    ["Error: timed out waiting for the condition", "timed_out"],
    [
      "Error: Kubernetes cluster unreachable: the server has asked for the client to provide credentials",
      "unauthenticated",
    ],
    [
      'Error: list: failed to list: secrets is forbidden: User "x" cannot list resource "secrets"',
      "access_denied",
    ],
    ['Error: Get "https://1.2.3.4/version": dial tcp: connect: connection refused', "unreachable"],
    ["Error: something new", "backend_error"],
  ])("%s", (stderr, code) => {
    expect(failed(stderr).code).toBe(code);
  });

  it("leaves warnings out, and is clipped", () => {
    const error = failed(`level=WARN msg="old"\nError: ${"x".repeat(2000)}`);
    expect(error.message).not.toContain("WARN");
    expect(error.message.length).toBeLessThan(500);
  });

  it("a release that is not there comes with names like it, or with some that are there", () => {
    const ref = { namespace: "data", name: "customer-elt" };
    expect(noRelease(ref, ["billing", "customer-etl"]).hint).toContain("customer-etl");
    expect(noRelease({ ...ref, name: "zzz" }, ["billing"]).hint).toContain("billing");
    expect(noRelease(ref, []).hint).toContain("No release was found");
  });
});
