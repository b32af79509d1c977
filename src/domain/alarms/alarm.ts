export type AlarmState = "OK" | "ALARM" | "INSUFFICIENT_DATA";
export type AlarmKind = "metric" | "composite" | "log";

/** One metric as CloudWatch names it. */
export interface MetricId {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
}

/** One entry of a metric alarm: a metric with its statistic, or an expression over the others. */
export interface AlarmQuery {
  readonly id: string;
  readonly label?: string;
  readonly expression?: string;
  readonly metric?: MetricId;
  readonly statistic?: string;
  readonly periodSeconds?: number;
  /** Whether the alarm compares this entry with its threshold. */
  readonly evaluated: boolean;
}

export interface Alarm {
  readonly name: string;
  readonly arn?: string;
  readonly kind: AlarmKind;
  readonly state: AlarmState;
  /** The backend's own words; untrusted. */
  readonly stateReason: string;
  /** When the state last changed, not when it was last evaluated. */
  readonly since: Date;
  readonly description?: string;
  readonly actionsEnabled: boolean;
  /** Set while the backend could not evaluate fully: PARTIAL_DATA, EVALUATION_ERROR, EVALUATION_FAILURE. */
  readonly evaluation?: string;
  /** Metric alarms: one entry for a plain metric, several for metric math. Empty for the other kinds. */
  readonly queries: readonly AlarmQuery[];
  readonly threshold?: number;
  /** For example GreaterThanThreshold. */
  readonly comparison?: string;
  readonly evaluationPeriods?: number;
  readonly datapointsToAlarm?: number;
  readonly treatMissingData?: string;
  /** Composite alarms: the rule's text. */
  readonly rule?: string;
  /** Composite alarms whose actions are held back, and by what. */
  readonly suppressedBy?: string;
  /** Log alarms: the query's text and its groups. */
  readonly logQuery?: string;
  readonly logGroups?: readonly string[];
}

/** One item of an alarm's history. */
export interface AlarmEvent {
  readonly at: Date;
  readonly kind: "state" | "configuration" | "action";
  readonly summary: string;
  /** State changes only. */
  readonly from?: AlarmState;
  readonly to?: AlarmState;
  readonly reason?: string;
}

/** A rule that keeps alarms quiet for a while. */
export interface MuteRule {
  readonly name: string;
  readonly alarms: readonly string[];
  readonly active: boolean;
  readonly until?: Date;
}
