import { describe, expect, it } from "vitest";
import { alarmSchema } from "#cli/demo/answers.ts";
import { isSick, suspects } from "#cli/demo/suspects.ts";

const primary = alarmSchema.parse({
  name: "web-api-5xx",
  kind: "metric",
  since: "2026-04-25T14:00:00Z",
  for: "5m",
  watches: "",
  metric: {
    namespace: "Balancer",
    metric_name: "Errors",
    dimensions: { Group: "targets/web-api/1f" },
  },
});
const row = (name: string, ready = "2/2") => ({ namespace: "shop", name, ready });

describe("suspects", () => {
  it("puts first what most points at, and says what", () => {
    const rows = [row("web"), row("api"), row("web-api"), row("cache", "1/2")];
    const traces = { primary, logGroups: ["/shop/web-api"], streams: ["web-api-7f-x"] };
    const found = suspects("deployment", rows, traces);
    expect(found.map(({ name }) => name)).toEqual(["web-api", "web", "cache", "api"]);
    expect(found[0]).toMatchObject({
      score: 14,
      why: [
        "its pods wrote those lines",
        "the alarm's dimension Group names it",
        "the log group is named after it",
        "the alarm's name holds its name",
      ],
    });
    expect(found.find(({ name }) => name === "cache")?.why).toEqual(["it is not well"]);
  });

  it("suspects nothing that nothing points at", () => {
    const traces = { primary, logGroups: [], streams: [] };
    expect(suspects("deployment", [row("mail"), row("ap")], traces)).toEqual([]);
  });
});

describe("isSick", () => {
  it.each([
    ["1/2", true],
    ["0/4", true],
    ["2/2", false],
    ["0/0", false],
    ["", false],
  ])("%j: %s", (ready, expected) => {
    expect(isSick({ ready })).toBe(expected);
  });
});
