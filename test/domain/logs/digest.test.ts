import { describe, expect, it } from "vitest";
import { digest } from "#domain/logs/digest.ts";
import { folded } from "#domain/logs/fold.ts";
import { labelsOf } from "#domain/logs/labels.ts";
import { readRecord } from "#domain/logs/record.ts";

const at = (second: number) => new Date(Date.UTC(2026, 3, 25, 14, 0, second));

function digestOf(texts: readonly string[], most = 3) {
  const found = digest(most);
  for (const [index, text] of texts.entries()) {
    found.add(index % 2 ? "b" : "a", { at: at(index), text, lines: 1 }, readRecord(text));
  }
  return found;
}

describe("a digest", () => {
  const texts = [
    "INFO took 5 ms",
    "ERROR row 1 bad",
    "INFO took 7 ms",
    "ERROR row 2 bad",
    "INFO took 9 ms",
  ];

  it("sorts by kind, the gravest first, with the newest of each", () => {
    expect(digestOf(texts).patterns(9)).toMatchObject([
      {
        template: "ERROR row <n> bad",
        level: "error",
        count: 2,
        example: "ERROR row 2 bad",
        sources: 1,
        firstAt: at(1),
        lastAt: at(3),
      },
      { template: "INFO took <n> ms", level: "info", count: 3, example: "INFO took 9 ms" },
    ]);
    expect(digestOf(texts).levels()).toEqual({ error: 2, info: 3 });
  });

  it("keeps the newest entries of all sources, oldest first", () => {
    const newest = digestOf(texts).newest();
    expect(newest.map(({ source, text }) => `${source} ${text}`)).toEqual([
      "a INFO took 7 ms",
      "b ERROR row 2 bad",
      "a INFO took 9 ms",
    ]);
  });

  it("keeps no more kinds than it may, and counts the others", () => {
    const words = Array.from({ length: 700 }, (_, index) =>
      [...String(index)].map((digit) => "abcdefghij".charAt(Number(digit))).join(""),
    );
    const found = digestOf(words);
    expect(found.patterns(1_000)).toHaveLength(500);
    expect(found.patterns(3)).toHaveLength(3);
    expect(found.kinds()).toBe(700);
    expect(found.levels()).toEqual({ unknown: 700 });
  });
});

describe("an entry at a length to show", () => {
  it("keeps the beginning, the causes and the end of a trace", () => {
    const frames = (n: number) => Array.from({ length: n }, (_, i) => `  at frame ${i}`);
    const trace = ["E: x", ...frames(20), "Caused by: y", ...frames(20), "end"];
    expect(folded(trace.join("\n")).split("\n")).toEqual([
      "E: x",
      "  at frame 0",
      "  at frame 1",
      "  at frame 2",
      "Caused by: y",
      "… 36 more lines",
      "  at frame 19",
      "end",
    ]);
  });

  it("masks a secret before it is cut", () => {
    const key = `-----BEGIN PRIVATE KEY-----\n${"MIIEvQ\n".repeat(30)}-----END PRIVATE KEY-----`;
    expect(folded(key)).toBe("[redacted]");
    const token = `${"x".repeat(250)} Bearer ${"t".repeat(400)}`;
    expect(folded(token)).not.toContain("ttt");
  });
});

describe("labels", () => {
  it.each([
    ["one container", ["web-1/app"], ["app"]],
    ["containers of a pod", ["web-1/app", "web-1/proxy"], ["app", "proxy"]],
    ["pods", ["web-7d9-abc/app", "web-7d9-def/app"], ["abc", "def"]],
    ["pods of two revisions", ["web-7d9-abc/app", "web-8e1-def/app"], ["7d9-abc", "8e1-def"]],
    ["both", ["web-1/app", "web-1/p", "web-2/app"], ["1/app", "1/p", "2/app"]],
  ])("%s", (_, names, labels) => {
    const named = names.map((name) => {
      const [pod = "", container = ""] = name.split("/");
      return { pod, container };
    });
    expect(labelsOf(named)).toEqual(labels);
  });
});
