import { describe, expect, it } from "vitest";
import { type Alarm, alarmSchema } from "#cli/demo/answers.ts";
import { logGroupsOf, primaryAlarm } from "#cli/demo/choose-alarm.ts";

const metric = (dimensions: Record<string, string> = { App: "web" }) => ({
  namespace: "Shop",
  metric_name: "Errors",
  dimensions,
});

function alarm(name: string, minute: number, rest: Readonly<Record<string, unknown>> = {}): Alarm {
  const since = new Date(Date.UTC(2026, 3, 25, 14, minute)).toISOString();
  return alarmSchema.parse({ name, kind: "metric", since, for: "1m", watches: "", ...rest });
}

describe("primaryAlarm", () => {
  it("takes the child of a composite alarm that fired first", () => {
    const family = alarm("family", 0, { kind: "composite", children: { in_alarm: ["b", "c"] } });
    const alarms = [
      family,
      alarm("a", 0, { metric: metric() }),
      alarm("c", 3, { metric: metric() }),
      alarm("b", 2, { metric: metric() }),
    ];
    expect(primaryAlarm(alarms)?.name).toBe("b");
  });

  it("takes one that says what it is about when several fired at once", () => {
    const alarms = [alarm("all", 1, { metric: metric({}) }), alarm("one", 1, { metric: metric() })];
    expect(primaryAlarm(alarms)?.name).toBe("one");
  });

  it("takes a muted alarm, or one without a metric, only when there is no other", () => {
    const muted = alarm("muted", 1, { metric: metric(), muted: { rule: "night" } });
    const plain = alarm("plain", 2, { kind: "log" });
    expect(primaryAlarm([muted, plain, alarm("late", 9, { metric: metric() })])?.name).toBe("late");
    expect(primaryAlarm([muted, plain])?.name).toBe("plain");
    expect(primaryAlarm([muted])?.name).toBe("muted");
    expect(primaryAlarm([])).toBeUndefined();
  });
});

describe("logGroupsOf", () => {
  it("names the groups of alarms that began together, the certain ones first, each once", () => {
    const groups = (name: string, known_by: string) => ({ log_groups: [{ name, known_by }] });
    const primary = alarm("a", 10, groups("/shop/web", "a guess: its name holds web"));
    const alarms = [
      primary,
      alarm("b", 12, groups("/shop/gateway", "a metric filter feeds it")),
      alarm("c", 12, groups("/shop/web", "a guess: its name holds web")),
      alarm("d", 40, groups("/shop/later", "a metric filter feeds it")),
    ];
    expect(logGroupsOf(primary, alarms)).toEqual(["/shop/gateway", "/shop/web"]);
  });
});
