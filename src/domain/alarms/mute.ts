import type { MuteRule } from "./alarm.ts";

/** The rule that keeps the alarm quiet now; of several, the one that lasts longest. */
export function activeMute(alarm: string, rules: readonly MuteRule[]): MuteRule | undefined {
  return rules
    .filter((rule) => rule.active && rule.alarms.includes(alarm))
    .sort((a, b) => lasts(b) - lasts(a))[0];
}

function lasts(rule: MuteRule): number {
  return rule.until?.getTime() ?? Number.POSITIVE_INFINITY;
}
