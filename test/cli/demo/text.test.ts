import { describe, expect, it } from "vitest";
import { targetIn } from "#cli/demo/approval.ts";
import { clockTime, figure, sparkline } from "#cli/demo/figures.ts";
import { wrapped } from "#cli/demo/print.ts";
import { alike } from "#cli/demo/see-logs.ts";
import { reasonOf } from "#cli/demo/see-workload.ts";

describe("figures", () => {
  it("draws a series from its lowest to its highest value, gaps left blank", () => {
    expect(sparkline([0, null, 7, 14])).toBe("▁ ▅█");
    expect(sparkline([3, 3])).toBe("▁▁");
    expect(sparkline([])).toBe("");
  });

  it("keeps three digits, and every digit before the point", () => {
    expect([83.3333, 0.0041234, 1240.4, -2.02454, 0].map(figure)).toEqual([
      "83.3",
      "0.00412",
      "1240",
      "-2.02",
      "0",
    ]);
  });

  it("keeps the time of day", () => {
    expect(clockTime("2026-04-25T14:22:33.916Z")).toBe("14:22:33Z");
    expect(clockTime("2026-04-25T14:22:33Z")).toBe("14:22:33Z");
  });
});

describe("wrapped", () => {
  it("breaks at spaces and indents what follows", () => {
    expect(wrapped("one two three four", 10, "  ")).toBe("one two\n  three\n  four");
  });

  it("breaks a word that is longer than the line", () => {
    expect(wrapped("abcdefghij", 4, " ")).toBe("abcd\n efg\n hij");
  });
});

describe("alike", () => {
  it("finds the line that a template stands for", () => {
    const template = "<time> ERROR run=<id> gave up after <n> ms";
    expect(alike(template, "14:22 ERROR run=7e gave up after 30 ms")).toBe(true);
    expect(alike(template, "14:22 ERROR run=7e rejected")).toBe(false);
  });
});

describe("reasonOf", () => {
  const pod = (status: string, last_exit: string) => ({ name: "web-1", status, last_exit });

  it("prefers the reason of the last exit to the pod's status", () => {
    const loop = "CrashLoopBackOff";
    expect(reasonOf({ pods: [pod(loop, "137 OOMKilled 4m ago")] })).toBe("OOMKilled");
    expect(reasonOf({ pods: [pod(loop, "1 Error 4m ago")] })).toBe(loop);
    expect(reasonOf({ pods: [pod("ImagePullBackOff", "")] })).toBe("ImagePullBackOff");
    expect(reasonOf({ pods: [] })).toBeUndefined();
  });
});

describe("targetIn", () => {
  it.each([
    ["Target: Release shop/web in cluster sandbox. Risk: high. Reversible: partial.", "web"],
    ["Plan: x\nTarget: Release shop/web.v2 in cluster prod. Risk: high.", "web.v2"],
    ["Target: Namespace shop in cluster sandbox. Risk: high.", "shop"],
    ["No target.", undefined],
  ])("of %j is %s", (message, expected) => {
    expect(targetIn(message)).toBe(expected);
  });
});
