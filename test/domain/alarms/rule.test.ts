import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { childNames, ruleReferences } from "#domain/alarms/rule.ts";

describe("ruleReferences", () => {
  it("reads states, operators and brackets", () => {
    const rule = '(ALARM("cpu high") OR OK(heartbeat)) AND NOT INSUFFICIENT_DATA("disk")';
    expect(ruleReferences(rule)).toEqual([
      { name: "cpu high", asks: "ALARM" },
      { name: "heartbeat", asks: "OK" },
      { name: "disk", asks: "INSUFFICIENT_DATA" },
    ]);
  });

  it("reads the list of AT_LEAST, counted or in percent, also negated", () => {
    expect(ruleReferences("AT_LEAST(2, ALARM, (a, b, c))").map((r) => r.name)).toEqual([
      "a",
      "b",
      "c",
    ]);
    expect(ruleReferences('AT_LEAST(60%, NOT OK, ("a", "b"))')).toEqual([
      { name: "a", asks: "OK" },
      { name: "b", asks: "OK" },
    ]);
  });

  it("takes the name out of an ARN and undoes escapes", () => {
    expect(childNames('ALARM("arn:aws:cloudwatch:eu-west-1:123456789012:alarm:a:b")')).toEqual([
      "a:b",
    ]);
    expect(childNames('ALARM("say \\"no\\" (twice)")')).toEqual(['say "no" (twice)']);
  });

  it("names each child once and constants never", () => {
    expect(childNames("ALARM(a) AND NOT OK(a) OR TRUE AND FALSE")).toEqual(["a"]);
    expect(childNames("")).toEqual([]);
  });

  it("finds every quoted name, whatever it holds", () => {
    const name = fc.string({ minLength: 1 }).map((text) => text.replaceAll(/["\\]/g, "x"));
    fc.assert(
      fc.property(fc.uniqueArray(name, { minLength: 1, maxLength: 5 }), (names) => {
        fc.pre(names.every((text) => !text.startsWith("arn:")));
        const rule = names.map((text) => `ALARM("${text}")`).join(" OR ");
        expect(childNames(rule)).toEqual(names);
      }),
    );
  });
});
