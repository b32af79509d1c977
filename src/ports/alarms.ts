import type { Alarm, AlarmEvent, AlarmKind, AlarmState, MuteRule } from "#domain/alarms/alarm.ts";
import type { TimeWindow } from "#domain/window.ts";

export interface AlarmFilter {
  readonly states?: readonly AlarmState[];
  readonly kinds?: readonly AlarmKind[];
  readonly namePrefix?: string;
  /** Exact names; other filters are ignored then. */
  readonly names?: readonly string[];
}

/** Alarms of one region. Every list is read to its end. */
export interface Alarms {
  list(filter: AlarmFilter, signal: AbortSignal): Promise<readonly Alarm[]>;
  /** Newest first. An unknown alarm has an empty history. */
  history(alarm: string, window: TimeWindow, signal: AbortSignal): Promise<readonly AlarmEvent[]>;
  /** Rules that mute alarms. Empty when the backend has none or does not offer them. */
  mutes(signal: AbortSignal): Promise<readonly MuteRule[]>;
  /** Where a person sees the alarm. */
  consoleUrl(alarm: string): string | undefined;
}
