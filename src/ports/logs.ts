import type { LogEvent, LogGroup, MetricFilter } from "#domain/logs/event.ts";
import type { TimeWindow } from "#domain/window.ts";

export interface LogQuery {
  readonly group: string;
  /** CloudWatch filter pattern; empty matches everything. */
  readonly pattern: string;
  readonly window: TimeWindow;
  /** The newest so many matching events are kept. */
  readonly limit: number;
}

export interface LogAnswer {
  /** Newest first. */
  readonly events: readonly LogEvent[];
  /** Whether the window was searched to its end; false when `limit` or the page budget ended it. */
  readonly complete: boolean;
  readonly pages: number;
}

/** Logs of one region. */
export interface Logs {
  /** Throws `not_found` for an unknown group and `invalid_input` for a bad pattern. */
  filter(query: LogQuery, signal: AbortSignal): Promise<LogAnswer>;
  groups(
    filter: { readonly pattern?: string; readonly limit: number },
    signal: AbortSignal,
  ): Promise<readonly LogGroup[]>;
  /** Metric filters that feed the metric. */
  metricFilters(
    metric: { readonly namespace: string; readonly name: string },
    signal: AbortSignal,
  ): Promise<readonly MetricFilter[]>;
}
