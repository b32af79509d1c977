/** One line of a log, as the backend keeps it. The message is untrusted. */
export interface LogEvent {
  readonly at: Date;
  readonly stream: string;
  readonly message: string;
}

export interface LogGroup {
  readonly name: string;
  readonly storedBytes?: number;
  readonly retentionDays?: number;
}

/** A metric filter: the log group whose matching lines feed a metric. */
export interface MetricFilter {
  readonly logGroup: string;
  readonly pattern: string;
}
