// biome-ignore-all lint/suspicious/noTemplateCurlyInString: templates of runbooks, not of TypeScript
import { expect, test } from "vitest";
import { fillArgs, templateNames } from "#domain/runbooks/parameters.ts";

test("a template alone keeps the value's type; in a text, as a key or as text it is written out", () => {
  const args = {
    replicas: "${n}",
    label: "${app}-${n}",
    data: { "${key}": "${n:text}" },
    dimensions: "${dimensions}",
    list: ["${n}", 1, true, null],
  };
  const values = { n: 3, app: "etl", key: "max", dimensions: { Pipeline: "etl" } };
  expect(fillArgs(args, values)).toEqual({
    replicas: 3,
    label: "etl-3",
    data: { max: "3" },
    dimensions: { Pipeline: "etl" },
    list: [3, 1, true, null],
  });
});

test("what has no value stays as it is written", () => {
  expect(fillArgs({ a: "${x}", b: "${x:text} y" }, {})).toEqual({ a: "${x}", b: "${x:text} y" });
});

test("a value that looks like a template is not filled in again", () => {
  expect(fillArgs({ a: "${x}", b: "see ${x}" }, { x: "${y}", y: "z" })).toEqual({
    a: "${y}",
    b: "see ${y}",
  });
});

test("names are found wherever they stand", () => {
  expect(templateNames({ "${a}": ["${b:text}", { c: "x ${c} y" }], d: 1 })).toEqual([
    "a",
    "b",
    "c",
  ]);
});
