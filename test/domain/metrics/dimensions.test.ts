import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readDimensions } from "#domain/metrics/dimensions.ts";

const good = { Pipeline: "customer-etl", Stage: "load" };
const list = Object.entries(good).map(([Name, Value]) => ({ Name, Value }));

describe("readDimensions", () => {
  it.each([
    ["an object", good],
    ["AWS's list", list],
    ["a list in lower case", list.map(({ Name, Value }) => ({ name: Name, value: Value }))],
    ["JSON text of an object", JSON.stringify(good)],
    ["JSON text of a list", JSON.stringify(list)],
  ])("reads %s", (_, raw) => {
    expect(readDimensions(raw)).toEqual(good);
  });

  it.each([{}, [], "{}", "[]"])("reads %j as none", (raw) => {
    expect(readDimensions(raw)).toEqual({});
  });

  it.each([
    ["text that is no JSON", "Pipeline=customer-etl", "must be an object"],
    ["nothing", "", "must be an object"],
    ["a number", 5, "must be an object"],
    ["null", null, "must be an object"],
    ["JSON in JSON", JSON.stringify(JSON.stringify(good)), "must be an object"],
    ["a value that is no text", { Port: 80 }, "texts of 1 to 1024"],
    ["an empty value", { Port: "" }, "texts of 1 to 1024"],
    ["a newline", { Port: "a\nb" }, "texts of 1 to 1024"],
    ["a list of texts", ["a"], "texts of 1 to 1024"],
    ["a name that JavaScript would lose", '{"__proto__": "x"}', "texts of 1 to 1024"],
    ["a name given twice", [...list, list[0]], "each dimension once"],
    [
      "too many",
      Object.fromEntries(Array.from({ length: 31 }, (_, i) => [`d${i}`, "x"])),
      "at most 30",
    ],
  ])("refuses %s", (_, raw, message) => {
    expect(readDimensions(raw)).toContain(message);
  });

  it("reads its own answer to the same, and never drops a dimension", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.string(), { maxKeys: 5 }), (raw) => {
        const read = readDimensions(raw);
        if (typeof read === "string") return;
        expect(Object.keys(read)).toHaveLength(Object.keys(raw).length);
        expect(readDimensions(read)).toEqual(read);
      }),
    );
  });
});
