import type { AlarmHistoryItem } from "@aws-sdk/client-cloudwatch";
import type { AlarmEvent, AlarmState } from "#domain/alarms/alarm.ts";
import { isObject } from "#domain/json.ts";
import { defined } from "./defined.ts";

const kinds: Readonly<Record<string, AlarmEvent["kind"]>> = {
  StateUpdate: "state",
  ConfigurationUpdate: "configuration",
  Action: "action",
};

/** None for items about one contributor of an alarm over many series: they are not the alarm's own state. */
export function alarmEvent(item: AlarmHistoryItem): readonly AlarmEvent[] {
  const kind = kinds[item.HistoryItemType ?? ""];
  if (kind === undefined || item.Timestamp === undefined) return [];
  const event = { at: item.Timestamp, kind, summary: item.HistorySummary ?? "" };
  return [kind === "state" ? { ...event, ...stateChange(item.HistoryData) } : event];
}

/** `HistoryData` is JSON: `{ oldState: { stateValue, stateReason }, newState: { … } }`. */
function stateChange(data: string | undefined): Pick<AlarmEvent, "from" | "to" | "reason"> {
  const { oldState, newState } = parsed(data);
  const reason = field(newState, "stateReason");
  return defined({ from: stateOf(oldState), to: stateOf(newState), reason });
}

function parsed(data = "{}"): { readonly [key: string]: unknown } {
  try {
    const value: unknown = JSON.parse(data);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

function stateOf(state: unknown): AlarmState | undefined {
  const value = field(state, "stateValue");
  return value === "OK" || value === "ALARM" || value === "INSUFFICIENT_DATA" ? value : undefined;
}

function field(value: unknown, name: string): string | undefined {
  const found = isObject(value) ? value[name] : undefined;
  return typeof found === "string" ? found : undefined;
}
