import { describe, expect, it } from "vitest";
import { entriesOf } from "#domain/logs/entry.ts";
import { type LogLine, stampedLine } from "#domain/logs/line.ts";

const START = Date.parse("2026-04-25T14:00:00Z");

/** A text's lines, a millisecond apart. */
function lines(text: string, gapMs = 1): LogLine[] {
  return text
    .split("\n")
    .map((line, index) => ({ at: new Date(START + index * gapMs), text: line }));
}

const heads = (text: string, gapMs?: number) =>
  [...entriesOf(lines(text, gapMs))].map((entry) => [entry.text.split("\n")[0], entry.lines]);

const java = `2026-04-25 14:00:00,001 INFO  [main] Started
2026-04-25 14:00:00,002 ERROR [pool-1] Order 17 failed
com.shop.PaymentException: card declined
\tat com.shop.Pay.charge(Pay.java:42)
\tat com.shop.Pay.run(Pay.java:7)
Caused by: java.net.SocketTimeoutException: Read timed out
\tat java.net.Socket.read(Socket.java:12)
\t... 14 more
2026-04-25 14:00:00,009 INFO  [pool-1] Order 18 done`;

const python = `INFO:root:ready
Traceback (most recent call last):
  File "/app/main.py", line 10, in <module>
    load()
KeyError: 'region'

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File "/app/main.py", line 12, in <module>
    raise ConfigError("no region") from e
ConfigError: no region
INFO:root:bye`;

const go = `{"level":"info","msg":"listening"}
panic: runtime error: invalid memory address or nil pointer dereference
[signal SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x4a1b2c]

goroutine 1 [running]:
main.handle(0x0)
\t/src/main.go:12 +0x1d
exit status 2
{"level":"info","msg":"listening"}`;

const node = `listening on 8080
/app/server.js:7
    throw new Error("boom");
    ^

Error: boom
    at Object.<anonymous> (/app/server.js:7:11)
    at Module._compile (node:internal/modules/cjs/loader:1554:14) {
  code: 'E_BOOM'
}

Node.js v24.21.0`;

describe("entries of a log", () => {
  it("keeps Java's stack trace with the line that reports it", () => {
    expect(heads(java)).toEqual([
      ["2026-04-25 14:00:00,001 INFO  [main] Started", 1],
      ["2026-04-25 14:00:00,002 ERROR [pool-1] Order 17 failed", 7],
      ["2026-04-25 14:00:00,009 INFO  [pool-1] Order 18 done", 1],
    ]);
  });

  it("keeps a chain of Python's tracebacks together, and apart from a line that reports nothing", () => {
    expect(heads(python)).toEqual([
      ["INFO:root:ready", 1],
      ["Traceback (most recent call last):", 11],
      ["INFO:root:bye", 1],
    ]);
  });

  it("joins a traceback to the line that logs the exception", () => {
    const text = python.replace("INFO:root:ready", "ERROR:root:load failed");
    expect(heads(text)[0]).toEqual(["ERROR:root:load failed", 12]);
  });

  it("keeps a Go panic with all goroutines", () => {
    const [, panic, after] = heads(go);
    expect(panic?.[1]).toBe(7);
    expect(after).toEqual(['{"level":"info","msg":"listening"}', 1]);
  });

  it("keeps an uncaught error of Node together", () => {
    expect(heads(node)).toEqual([
      ["listening on 8080", 1],
      ["/app/server.js:7", 11],
    ]);
  });

  it("keeps a private key together, so that it is masked whole", () => {
    const key = "-----BEGIN RSA PRIVATE KEY-----\nMIIEow\nAAAA\n-----END RSA PRIVATE KEY-----";
    expect(heads(`read key\n${key}\ndone`)).toEqual([
      ["read key", 1],
      ["-----BEGIN RSA PRIVATE KEY-----", 4],
      ["done", 1],
    ]);
  });

  it("takes no more for a key than may be one", () => {
    expect(heads("-----BEGIN PRIVATE KEY-----\nAAAA\nready to serve")).toEqual([
      ["-----BEGIN PRIVATE KEY-----", 2],
      ["ready to serve", 1],
    ]);
  });

  it("leaves lines apart that are seconds apart", () => {
    expect(heads("one\n  two\n  three", 6_000)).toHaveLength(3);
  });

  it("drops blank lines and the colours of terminals", () => {
    expect(heads("\n\u001b[31mred\u001b[0m\n\n")).toEqual([["red", 3]]);
  });

  it("bounds an entry that never ends, and says what it left out", () => {
    const [entry] = entriesOf(lines(`panic: x\n${"frame\n".repeat(1_000)}`));
    expect(entry?.lines).toBe(1_002);
    expect(entry?.text.split("\n").length).toBeLessThan(100);
    expect(entry?.text).toMatch(/… 91\d lines left out …/);
  });
});

describe("a line with the runtime's time", () => {
  it("is read apart from its time", () => {
    const line = stampedLine("2026-04-25T14:00:00.123456789Z hello  world");
    expect(line).toEqual({ at: new Date("2026-04-25T14:00:00.123Z"), text: "hello  world" });
    expect(stampedLine("2026-04-25T14:00:00Z ").text).toBe("");
  });

  it("is text alone when the runtime speaks for itself", () => {
    expect(stampedLine("unable to retrieve container logs")).toEqual({
      text: "unable to retrieve container logs",
    });
  });
});
