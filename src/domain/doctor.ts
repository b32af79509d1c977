/** One thing that `firewatch doctor` tried. */
export interface DoctorCheck {
  /** What was tried, for example `sts:GetCallerIdentity in eu-west-1`. */
  readonly subject: string;
  readonly status: "ok" | "failed" | "not configured";
  readonly detail: string;
  /** What to do about it, when it is not ok. */
  readonly fix?: string;
}
