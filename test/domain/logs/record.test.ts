import { describe, expect, it } from "vitest";
import { namedLevel } from "#domain/logs/level.ts";
import { readRecord } from "#domain/logs/record.ts";

describe("the level of a plain line", () => {
  it.each([
    ["2026-04-25T14:22:32.916Z ERROR task failed", "error"],
    ["2026-04-25 14:22:32,916 [main] WARN  c.s.Pool - slow", "warn"],
    ["E0425 14:22:33.123456       1 reflector.go:138] Failed to watch", "error"],
    ["I0425 14:22:33.123456       1 main.go:1] error budget is fine", "info"],
    ['time="2026-04-25T14:22:32Z" level=warning msg="error ahead"', "warn"],
    ["[info] 12 errors were mended", "info"],
    ["warn: config is missing", "warn"],
    ["panic: assignment to entry in nil map", "fatal"],
    ["java.lang.IllegalStateException: closed", "error"],
    ["connection refused by db:5432", "error"],
    ["finished with 0 errors", "unknown"],
    ["GET /checkout 200 12ms", "unknown"],
    ["retrying in 5 s", "warn"],
  ])("%s: %s", (text, level) => {
    expect(readRecord(text).level).toBe(level);
  });

  it("knows pino's numbers", () => {
    expect([10, 30, 40, 50, 60].map(namedLevel)).toEqual([
      "debug",
      "info",
      "warn",
      "error",
      "fatal",
    ]);
    expect(namedLevel(3)).toBeUndefined();
  });
});

describe("a line of JSON", () => {
  const record = (fields: object) => readRecord(JSON.stringify(fields));

  it("shows its message and what else it tells", () => {
    const fields = { time: "2026-04-25T14:22:32Z", level: "error", status: 503, path: "/pay" };
    expect(record({ ...fields, message: "no upstream", pid: 1 })).toEqual({
      level: "error",
      text: "ERROR no upstream status=503 path=/pay",
      headline: "no upstream",
    });
  });

  it("reads pino's error with its stack", () => {
    const err = { type: "Error", message: "boom", stack: "Error: boom\n    at a.js:1:2" };
    expect(record({ level: 50, msg: "request failed", err })).toEqual({
      level: "error",
      text: "ERROR request failed: Error: boom\n    at a.js:1:2",
      headline: "request failed: Error: boom",
    });
  });

  it.each([
    [{ severity: "WARNING", msg: "x" }, "warn"],
    [{ "log.level": "debug", message: "x" }, "debug"],
    [{ "@l": "Fatal", "@m": "x" }, "fatal"],
    [{ msg: "could not connect" }, "error"],
    [{ level: "nonsense", msg: "fine" }, "unknown"],
  ])("%j is %s", (fields, level) => {
    expect(record(fields).level).toBe(level);
  });

  it("is plain text when it is none", () => {
    expect(readRecord('{"level":"error", half').text).toBe('{"level":"error", half');
    expect(readRecord("{}").level).toBe("unknown");
  });
});

describe("what entries of one kind have in common", () => {
  it("is the exception, where a traceback begins all alike", () => {
    const traced = 'Traceback (most recent call last):\n  File "a.py", line 1\nValueError: bad row';
    expect(readRecord(traced)).toMatchObject({ level: "error", headline: "ValueError: bad row" });
  });

  it("is the line and its exception, where one reports the other", () => {
    const text = "2026-04-25 14:00:00,002 ERROR order failed\na.b.PayException: declined\n\tat x";
    expect(readRecord(text)).toMatchObject({
      level: "error",
      headline: "ERROR order failed | a.b.PayException: declined",
      text: "ERROR order failed\na.b.PayException: declined\n\tat x",
    });
  });
});
