import { expect, test } from "vitest";
import { awsError } from "#adapters/aws/errors.ts";
import { OpsError } from "#errors.ts";

const asked = { action: "cloudwatch:DescribeAlarms", region: "eu-west-1" };
const open = { ...asked, signal: new AbortController().signal };

function named(name: string, extra: object = {}): Error {
  return Object.assign(new Error(`${name} happened`), { name }, extra);
}

test.each([
  ["Throttling", "throttled"],
  ["ThrottlingException", "throttled"],
  ["TooManyRequestsException", "throttled"],
  ["AccessDenied", "access_denied"],
  ["AccessDeniedException", "access_denied"],
  ["UnauthorizedOperation", "access_denied"],
  ["ExpiredToken", "unauthenticated"],
  ["ExpiredTokenException", "unauthenticated"],
  ["UnrecognizedClientException", "unauthenticated"],
  ["InvalidClientTokenId", "unauthenticated"],
  ["InvalidSignatureException", "unauthenticated"],
  ["CredentialsProviderError", "unauthenticated"],
  ["TokenProviderError", "unauthenticated"],
  ["ResourceNotFoundException", "not_found"],
  ["UnknownOperationException", "not_configured"],
  ["InvalidParameterValue", "invalid_input"],
  ["ValidationError", "invalid_input"],
  ["TimeoutError", "timed_out"],
])("%s is %s", (name, code) => {
  expect(awsError(named(name), open)).toMatchObject({ code });
});

test.each(["ENOTFOUND", "ECONNREFUSED", "ECONNRESET", "EAI_AGAIN", "CERT_HAS_EXPIRED"])(
  "the socket's %s is unreachable",
  (code) => {
    expect(awsError(named("Error", { code }), open)).toMatchObject({ code: "unreachable" });
  },
);

test("a denial names the action to allow", () => {
  expect(awsError(named("AccessDenied"), open)).toMatchObject({
    message: "AWS denies cloudwatch:DescribeAlarms in eu-west-1: AccessDenied happened",
    hint: expect.stringContaining("Allow cloudwatch:DescribeAlarms"),
  });
});

test("expired credentials come with the way to renew them", () => {
  expect(awsError(named("ExpiredToken"), open)).toMatchObject({
    hint: expect.stringMatching(/aws sso login.*AWS_PROFILE/),
  });
});

test("a fault of the service keeps its name and status", () => {
  const fault = named("InternalServiceFault", { $metadata: { httpStatusCode: 500 } });
  expect(awsError(fault, open)).toMatchObject({
    code: "backend_error",
    message: expect.stringContaining("InternalServiceFault (HTTP 500)"),
  });
});

test("an abort is what its reason says", () => {
  const abortError = named("AbortError");
  const late = AbortSignal.abort(new DOMException("late", "TimeoutError"));
  const cancelled = AbortSignal.abort();
  const own = new OpsError("timed_out", "Late.", "Ask for less.");
  expect(awsError(abortError, { ...asked, signal: late })).toMatchObject({ code: "timed_out" });
  expect(awsError(abortError, { ...asked, signal: cancelled })).toMatchObject({
    code: "cancelled",
  });
  expect(awsError(abortError, { ...asked, signal: AbortSignal.abort(own) })).toBe(own);
});

test("a fault of ours stays what it is", () => {
  const bug = new TypeError("x is not a function");
  expect(awsError(bug, open)).toBe(bug);
});
