/** Every failure that a caller can see, with what it means. `docs/errors.md` is generated from this table. */
export const errorCodes = {
  invalid_input: "An argument is missing, unknown, malformed or makes no sense here.",
  not_found: "The named thing does not exist, or these credentials cannot see it.",
  not_allowed: "Firewatch's own configuration does not allow this: mode, allow-list or toolset.",
  not_configured: "The backend that this needs is not configured.",
  refused:
    "The change would not help, would be undone at once, or is unsafe now. Nothing was changed.",
  no_change: "The target already is as asked. Nothing was changed.",
  policy_denied: "The policy file forbids this change, now or always. Nothing was changed.",
  policy_unreadable: "The policy file cannot be read, so every action is refused. Reads go on.",
  secret_in_change:
    "The change carries a secret. Firewatch neither stores nor applies it; a person does.",
  approval_unknown: "No approval has this code.",
  approval_mismatch: "The approval was given for something else. Nothing was changed.",
  approval_used: "The approval has been used. An approval serves once.",
  target_busy: "Another change to the same target is being carried out.",
  unauthenticated:
    "The backend does not know who we are: credentials are missing, wrong or expired.",
  access_denied: "The backend knows us and forbids this: a permission is missing.",
  throttled: "The backend asks us to slow down.",
  conflict: "The object changed between the read and the write. Nothing was changed.",
  timed_out: "No answer in time.",
  unreachable: "The backend cannot be reached.",
  backend_error: "The backend answered with a fault of its own.",
  cancelled: "The caller gave up.",
  too_large: "The answer or the argument is over a limit.",
  store_unavailable: "Firewatch's own store cannot be read or written.",
  internal: "A fault in Firewatch. The log holds the details under the id given.",
} as const;

export type ErrorCode = keyof typeof errorCodes;

/** An expected failure, written for the person or model that has to act on it. */
export class OpsError extends Error {
  override readonly name = "OpsError";
  readonly code: ErrorCode;
  /** What to do next, as an instruction. */
  readonly hint: string;

  constructor(code: ErrorCode, message: string, hint: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.hint = hint;
  }
}

/** Wraps a failure's message and hint in the two lines that a caller reads. */
export function errorText(error: OpsError): string {
  return `${error.code}: ${error.message}\n${error.hint}`;
}
