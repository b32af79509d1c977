import { isObject } from "#domain/json.ts";
import { clip } from "#domain/text/untrusted.ts";
import { type ErrorCode, OpsError } from "#errors.ts";

interface Asked {
  readonly action: string;
  readonly region: string;
  readonly signal: AbortSignal;
}

interface Fault {
  readonly code: ErrorCode;
  /** Names of errors: of the services, of the SDK's credential providers, of Node's sockets. */
  readonly names: RegExp;
  readonly message: (asked: Asked, theirs: string) => string;
  readonly hint: (asked: Asked) => string;
}

/** The first that matches counts. */
const faults: readonly Fault[] = [
  {
    code: "throttled",
    names: /Throttl|TooManyRequests|RequestLimitExceeded|SlowDown/,
    message: ({ action, region }) => `AWS keeps throttling ${action} in ${region}.`,
    hint: () =>
      "Wait a minute, then ask for less: a shorter window, fewer alarms, a longer period.",
  },
  {
    code: "access_denied",
    names: /AccessDenied|UnauthorizedOperation|NotAuthorized/,
    message: ({ action, region }, theirs) => `AWS denies ${action} in ${region}: ${theirs}`,
    hint: ({ action }) =>
      `Allow ${action} for these credentials; deploy/iam-policy.json holds all that Firewatch uses.`,
  },
  {
    code: "unauthenticated",
    names:
      /^(Expired|RequestExpired|UnrecognizedClient|InvalidClientTokenId|InvalidAccessKey|InvalidSignature|SignatureDoesNotMatch|IncompleteSignature|MissingAuthenticationToken|AuthFailure|CredentialsProvider|TokenProvider)/,
    message: ({ region }, theirs) => `AWS in ${region} does not accept the credentials: ${theirs}`,
    hint: () =>
      "Renew them (`aws sso login`), or set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, then restart Firewatch. `firewatch doctor` shows who it is.",
  },
  {
    code: "not_found",
    names: /^ResourceNotFound/,
    message: (_, theirs) => theirs,
    hint: ({ region }) => `Check the name, and that it is in ${region}.`,
  },
  {
    code: "not_configured",
    names: /^(UnknownOperation|UnsupportedOperation|InvalidAction|NotImplemented)/,
    message: ({ action, region }) => `This endpoint does not offer ${action} in ${region}.`,
    hint: () => "Unset AWS_ENDPOINT_URL to ask AWS itself, or go on without it.",
  },
  {
    code: "invalid_input",
    names: /^(Invalid|Missing|Validation|Malformed)/,
    message: (_, theirs) => `AWS refuses the request: ${theirs}`,
    hint: () => "Correct the argument that it names and call again.",
  },
  {
    code: "timed_out",
    names: /^(TimeoutError|ETIMEDOUT|RequestTimeout)/,
    message: ({ action, region }) => `AWS did not answer ${action} in ${region} in time.`,
    hint: () => "Try again with a shorter window; check the network if it stays slow.",
  },
  {
    code: "unreachable",
    names:
      /^(ENOTFOUND|ECONNREFUSED|ECONNRESET|EHOSTUNREACH|ENETUNREACH|EAI_AGAIN|EPIPE|CERT_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO|ERR_TLS)/,
    message: ({ region }, theirs) => `AWS in ${region} cannot be reached: ${theirs}`,
    hint: () => "Check the region's name, the network or proxy, and AWS_ENDPOINT_URL if it is set.",
  },
];

/** The failure as an `OpsError`; what is neither AWS's nor the network's comes back as it is. */
export function awsError(error: unknown, asked: Asked): unknown {
  if (error instanceof OpsError) return error;
  if (asked.signal.aborted) return abortError(asked);
  if (!(error instanceof Error)) return error;
  const names = namesOf(error);
  const fault = faults.find((one) => names.some((name) => one.names.test(name)));
  const theirs = clip(error.message || names.join(" "), 300);
  if (fault) {
    return new OpsError(fault.code, fault.message(asked, theirs), fault.hint(asked), {
      cause: error,
    });
  }
  return httpStatus(error) === undefined ? error : backendError(error, theirs, asked);
}

/** The caller's reason where it gave one. */
function abortError({ action, region, signal }: Asked): OpsError {
  const { reason } = signal;
  if (reason instanceof OpsError) return reason;
  const late = reason instanceof Error && reason.name === "TimeoutError";
  return late
    ? new OpsError(
        "timed_out",
        `AWS did not answer ${action} in ${region} before the deadline.`,
        "Ask for less: a shorter window, fewer alarms, a longer period.",
      )
    : new OpsError("cancelled", `${action} in ${region} was cancelled.`, "Call again if needed.");
}

function backendError(error: Error, theirs: string, { action, region }: Asked): OpsError {
  return new OpsError(
    "backend_error",
    `${action} in ${region} failed with ${error.name} (HTTP ${httpStatus(error)}): ${theirs}`,
    "Try again; if it lasts, look at the AWS Health Dashboard.",
    { cause: error },
  );
}

function namesOf(error: Error): readonly string[] {
  return "code" in error && typeof error.code === "string"
    ? [error.name, error.code]
    : [error.name];
}

function httpStatus(error: Error): number | undefined {
  const metadata = "$metadata" in error ? error.$metadata : undefined;
  const status = isObject(metadata) ? metadata.httpStatusCode : undefined;
  return typeof status === "number" ? status : undefined;
}
