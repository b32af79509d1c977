import { describe, expect, it } from "vitest";
import { changesMade, work } from "./work.ts";

const names = { "uploads-api": "intake", thumbnailer: "resizer", media: "pictures" };

describe("a quiet night", () => {
  it.each([1, 2, 77])("is left alone, with seed %i", async (seed) => {
    const worked = await work({ scenario: "quiet-night", seed, overrides: { names } }, "");
    expect([worked.outcome, worked.why]).toEqual([
      "nothing_to_do",
      "no alarm fires and every workload is ready",
    ]);
    expect([...new Set(worked.calls)]).toEqual(["list_active_alarms", "kubectl_get"]);
    expect(worked.questions).toEqual([]);
    expect(await changesMade(worked)).toEqual([]);
  });
});
