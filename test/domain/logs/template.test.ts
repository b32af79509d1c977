import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { eachKindFirst, lineGroups, template } from "#domain/logs/template.ts";

const at = (second: number) => new Date(Date.UTC(2026, 3, 25, 12, 0, second));

describe("template", () => {
  it.each([
    ["took 1234ms, 50/50 in use (98.5%)", "took <n>ms, <n>/<n> in use (<n>%)"],
    ["2026-04-25T14:22:33.120Z ERROR retry 3", "<time> ERROR retry <n>"],
    ["job 7f3a91c2-5b1e-4a70-9b5e-2f1f0a2b3c4d failed", "job <id> failed"],
    ["from 10.0.12.7:5432 at 0x7ffe21", "from <ip> at <id>"],
    ["release v2.3.1 of customer-etl", "release v2.3.1 of customer-etl"],
    ["pod customer-etl-7d9f8b6c5-x2x9z is gone", "pod customer-etl-<id>-<id> is gone"],
    ["conn-12345   refused\n", "conn-<n> refused"],
  ])("masks what varies in %j", (line, masked) => {
    expect(template(line)).toBe(masked);
  });

  it("is the same for lines that differ in a number alone", () => {
    fc.assert(
      fc.property(fc.nat(), fc.nat(), (a, b) => {
        expect(template(`waited ${a} ms for row ${a}`)).toBe(
          template(`waited ${b} ms for row ${b}`),
        );
      }),
    );
  });

  it("ends on long lines of anything", () => {
    expect(template("1a".repeat(5000)).length).toBeLessThanOrEqual(400);
  });
});

describe("lineGroups", () => {
  it("counts lines by template, the most frequent first", () => {
    const lines = ["retry 1", "boom", "retry 2", "retry 3"];
    const events = lines.map((message, i) => ({ at: at(i), stream: "s", message }));
    expect(lineGroups(events)).toEqual([
      { template: "retry <n>", count: 3, firstAt: at(0), lastAt: at(3) },
      { template: "boom", count: 1, firstAt: at(1), lastAt: at(1) },
    ]);
  });
});

describe("eachKindFirst", () => {
  it("moves the first line of each template to the front and loses none", () => {
    const lines = ["retry 3", "retry 2", "boom", "retry 1"];
    const events = lines.map((message, i) => ({ at: at(9 - i), stream: "s", message }));
    expect(eachKindFirst(events).map(({ message }) => message)).toEqual([
      "retry 3",
      "boom",
      "retry 2",
      "retry 1",
    ]);
  });
});
