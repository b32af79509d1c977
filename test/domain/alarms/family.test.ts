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

  it("puts what fires first, then what changed last", () => {
    const old = alarm({ name: "old", since: new Date("2026-04-20T00:00:00Z") });
    const silent = alarm({ name: "silent", state: "INSUFFICIENT_DATA" });
    const well = alarm({ name: "well", state: "OK" });
    const order = mostUrgentFirst([well, silent, old, leaf]).map(({ name }) => name);
    expect(order).toEqual(["leaf", "old", "silent", "well"]);
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
