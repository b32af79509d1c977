/** One runbook, as read from its file. */
export interface Runbook {
  readonly slug: string;
  readonly title: string;
}
