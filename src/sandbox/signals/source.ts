import type { AlarmQuery, MetricId, MuteRule } from "#domain/alarms/alarm.ts";
import type { LogEvent, MetricFilter } from "#domain/logs/event.ts";

/** What was recorded of a metric in one minute: `count` samples, spread as `values` are. */
export interface Samples {
  readonly values: readonly number[];
  readonly count: number;
}

/** A metric of the scenario. `minute` may depend on nothing that happens after the minute began. */
export interface MetricSource extends MetricId {
  readonly unit: string;
  minute(start: number): Samples | undefined;
}

/** A log group of the scenario. Lines of a minute are in order of time; they too follow from its beginning. */
export interface LogSource {
  readonly group: string;
  readonly retentionDays: number;
  minute(start: number): readonly LogEvent[];
}

/** A metric filter that counts the matching lines of each minute. */
export interface CountedLines extends MetricFilter {
  readonly metric: MetricId;
}

interface AlarmText {
  readonly name: string;
  readonly description?: string;
  readonly actionsEnabled?: boolean;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  readonly updatedAt?: number;
}

export type Comparison =
  | "GreaterThanThreshold"
  | "GreaterThanOrEqualToThreshold"
  | "LessThanThreshold"
  | "LessThanOrEqualToThreshold";

/** What CloudWatch does with a period in which nothing was recorded. */
export type TreatMissing = "missing" | "notBreaching" | "breaching" | "ignore";

/** How an alarm compares the newest periods with its threshold: `datapointsToAlarm` of `evaluationPeriods`. */
export interface AlarmTest {
  readonly threshold: number;
  readonly comparison: Comparison;
  readonly periodSeconds: number;
  readonly evaluationPeriods: number;
  readonly datapointsToAlarm: number;
  readonly treatMissingData: TreatMissing;
}

export interface MetricAlarmSpec extends AlarmText, AlarmTest {
  readonly kind: "metric";
  readonly metric: MetricId;
  readonly statistic: NonNullable<AlarmQuery["statistic"]>;
}

/** Counts the matching lines of its groups; the rest as for a metric alarm. */
export interface LogAlarmSpec extends AlarmText, AlarmTest {
  readonly kind: "log";
  readonly query: string;
  readonly groups: readonly string[];
  /** The lines counted, as a filter pattern. */
  readonly pattern: string;
}

/** In ALARM while any of its children is. */
export interface CompositeAlarmSpec extends AlarmText {
  readonly kind: "composite";
  readonly children: readonly string[];
  readonly suppressedBy?: string;
}

export type AlarmSpec = MetricAlarmSpec | LogAlarmSpec | CompositeAlarmSpec;

/** Everything that can be observed from outside the cluster. */
export interface Signals {
  readonly metrics: readonly MetricSource[];
  readonly logs: readonly LogSource[];
  readonly filters: readonly CountedLines[];
  readonly alarms: readonly AlarmSpec[];
  readonly mutes: readonly MuteRule[];
}

/** The metric that an alarm watches. A log alarm's is its own count, of which nobody else knows. */
export function watchedBy(spec: MetricAlarmSpec | LogAlarmSpec): MetricId {
  return spec.kind === "metric"
    ? spec.metric
    : { namespace: "log alarm", name: spec.name, dimensions: {} };
}
