import { expect, test } from "vitest";
import { atOnce } from "#tools/kubernetes/at-once.ts";

test("work beyond the most waits for its turn, a failed piece included", async () => {
  const turn = atOnce(2);
  const seen: number[] = [];
  let busy = 0;
  const piece = (fails: boolean) =>
    turn(async () => {
      busy += 1;
      seen.push(busy);
      await Promise.resolve();
      busy -= 1;
      if (fails) throw new Error("no");
      return busy;
    });
  const all = [true, false, true, false, false].map(piece);
  const ended = await Promise.allSettled(all);
  expect(ended.map(({ status }) => status)).toEqual([
    "rejected",
    "fulfilled",
    "rejected",
    "fulfilled",
    "fulfilled",
  ]);
  expect(Math.max(...seen)).toBe(2);
});
