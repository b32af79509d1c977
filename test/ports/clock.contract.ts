import { describe, expect, it } from "vitest";
import type { Clock } from "#ports/clock.ts";
import { aborted, type Opened, opened, signal } from "./contract.ts";

export interface ClockFixture extends Opened {
  readonly clock: Clock;
}

/** What every implementation of the port `clock` does. */
export function clockContract(name: string, open: () => Promise<ClockFixture>): void {
  describe(`clock: ${name}`, () => {
    const fixture = opened(open);

    it("is later after a sleep, by as much at least", async () => {
      const { clock } = fixture();
      const before = clock.now().getTime();
      await clock.sleep(20, signal);
      expect(clock.now().getTime()).toBeGreaterThanOrEqual(before + 19);
    });

    it("rejects with the signal's reason when the caller has given up", async () => {
      await expect(fixture().clock.sleep(60_000, aborted())).rejects.toThrow("the caller gave up");
    });
  });
}
