import { expect, test } from "vitest";
import { systemClock } from "#adapters/clock.ts";

test("sleeping ends at once when it is aborted, with the signal's reason", async () => {
  const controller = new AbortController();
  const hour = systemClock.sleep(3_600_000, controller.signal);
  controller.abort(new Error("enough"));
  await expect(hour).rejects.toThrow("enough");
  await expect(systemClock.sleep(1, controller.signal)).rejects.toThrow("enough");
});

test("sleeping ends by itself", async () => {
  const { signal } = new AbortController();
  await expect(systemClock.sleep(1, signal)).resolves.toBeUndefined();
});
