import { describe, expect, it } from "vitest";
import {
  children,
  indexed,
  inNamespace,
  leaves,
  mostUrgentFirst,
  unknownChildren,
} from "#domain/alarms/family.ts";
import { activeMute } from "#domain/alarms/mute.ts";
import { alarm } from "./alarms.ts";

const leaf = alarm({ name: "leaf" });
const middle = alarm({ name: "middle", kind: "composite", queries: [], rule: "ALARM(leaf)" });
const top = alarm({
  name: "top",
  kind: "composite",
  queries: [],
  rule: "ALARM(middle) OR ALARM(top)",
});
const known = indexed([leaf, middle, top]);

describe("families of alarms", () => {
  it("goes down to the leaves and ends in circles", () => {
    expect(leaves(top, known)).toEqual([leaf]);
    expect(children(top, known)).toEqual([middle, top]);
  });

  it("says which alarms are yet to be read", () => {
    expect(unknownChildren(indexed([top]))).toEqual(["middle"]);
    expect(unknownChildren(known)).toEqual([]);
  });

  it("finds a composite alarm by the namespace of what is under it", () => {
    expect(inNamespace(top, "Data/Pipelines", known)).toBe(true);
    expect(inNamespace(top, "AWS/Lambda", known)).toBe(false);
  });

  it("puts what fires first, the first to fire of now, then what has stood for long", () => {
    const now = new Date("2026-04-25T14:00:00Z");
    const since = (text: string) => new Date(`2026-04-${text}:00Z`);
    const all = [
      alarm({ name: "well", state: "OK" }),
      alarm({ name: "silent", state: "INSUFFICIENT_DATA" }),
      alarm({ name: "oldest", since: since("10T00:00") }),
      alarm({ name: "old", since: since("20T00:00") }),
      alarm({ name: "second", since: since("25T13:50") }),
      alarm({ name: "first", since: since("25T13:40") }),
    ];
    const order = mostUrgentFirst(all, now).map(({ name }) => name);
    expect(order).toEqual(["first", "second", "old", "oldest", "silent", "well"]);
  });
});

describe("activeMute", () => {
  const until = new Date("2026-04-25T15:00:00Z");
  const rules = [
    { name: "short", alarms: ["leaf"], active: true, until },
    { name: "ended", alarms: ["leaf"], active: false },
    { name: "other", alarms: ["top"], active: true },
  ];

  it("takes an active rule that names the alarm", () => {
    expect(activeMute("leaf", rules)?.name).toBe("short");
    expect(activeMute("middle", rules)).toBeUndefined();
  });

  it("takes the one that lasts longest", () => {
    const forever = { name: "forever", alarms: ["leaf"], active: true };
    expect(activeMute("leaf", [...rules, forever])?.name).toBe("forever");
  });
});
