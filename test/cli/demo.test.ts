import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { atTerminal, spawned, stateFolder } from "./run.ts";

/** The phases of the walk, as the page numbers them. */
const headings = (out: string) => [...out.matchAll(/^\d+\. (.+)$/gm)].map(([, title]) => title);

describe("firewatch demo", () => {
  it("works an incident from alarm to report without a terminal, and leaves nothing behind", async () => {
    const temporary = stateFolder();
    const { code, out, errors } = await spawned(["demo", "--fast"], { TMPDIR: temporary });
    expect([code, errors]).toEqual([0, ""]);
    expect(headings(out)).toEqual([
      "Alarm",
      "History",
      "Metric",
      "Logs",
      "Workload",
      "Releases",
      "Runbook",
      "Remedy",
      "Plan and approval",
      "Verification",
      "Recovery",
      "Report",
    ]);
    expect(out).toContain("The demo answers yes itself: there is no terminal to ask in.");
    expect(out).toContain("image.tag: v2.3.1 → v2.3.0");
    expect(out).toContain("## What was done");
    expect(out).toMatch(/Healed: the alarms are quiet and the change was verified\.\n$/);
    expect(readdirSync(temporary)).toEqual([]);
  });

  it("ends with nothing to do when nothing is wrong", async () => {
    const { code, out } = await spawned(["demo", "--fast", "--yes", "--scenario", "quiet-night"]);
    expect(code).toBe(0);
    expect(headings(out)).toEqual(["Alarm", "A look round"]);
    expect(out).toMatch(/Nothing to do: .* Nothing was changed\.\n$/);
  });

  it("asks the person at the terminal, who types yes and the target's name", async () => {
    const { code, out } = await atTerminal(
      ["demo", "--fast", "--scenario", "checkout-memory"],
      [
        ["Type yes or no: ", "yes"],
        ["Type the target's name to confirm: ", "checkout"],
      ],
    );
    expect(out).toContain("Rolled release checkout back to revision 4.");
    expect(code).toBe(0);
  });

  it("changes nothing when the person says no", async () => {
    const { code, out } = await atTerminal(["demo", "--fast"], [["Type yes or no: ", "no"]]);
    expect(code).toBe(1);
    expect(out).toContain("Not healed: the action ended as declined.");
  });

  it("names the scenarios when there is none of that name", async () => {
    const { code, errors } = await spawned(["demo", "--scenario", "nope"]);
    expect(code).toBe(1);
    expect(errors).toContain('there is no "nope". There are: customer-etl');
  });
});
